import type { Service } from './sites.ts';

/** What a program is and does when it runs. */
export interface Program {
  /** Its file; `/usr/bin/<name>` when not given. */
  readonly path?: string;
  /** Median seconds that it runs; −1: until the session ends. */
  readonly lasts: number;
  /** Programs that it starts. */
  readonly starts?: Starts;
  /** What is executed, where that is a script: `path` is its interpreter then. */
  readonly script?: string;
  /** Where it connects to, each with the expected number of connections. */
  readonly connects?: Readonly<Partial<Record<Service, number>>>;
  /** Files below the home folder that it holds open. */
  readonly opens?: readonly string[];
}

/** Helpers, each with the expected number, and with what they start in turn. */
export type Starts = Readonly<Record<string, number | Helper>>;

interface Helper {
  readonly times: number;
  readonly starts: Starts;
}

const browser = '/usr/lib/firefox-esr';
const office = '/usr/lib/libreoffice/program';

/** Programs with a window, and what runs beside them. */
export const desktopPrograms: Readonly<Record<string, Program>> = {
  'firefox-esr': {
    path: `${browser}/firefox-esr`,
    lasts: -1,
    connects: { web: 6 },
    starts: { 'Socket Process': 1, 'Privileged Cont': 1, WebExtensions: 1, 'Web Content': 3 },
    opens: [
      '.mozilla/firefox/main/key4.db',
      '.mozilla/firefox/main/places.sqlite',
      '.mozilla/firefox/main/cookies.sqlite',
    ],
  },
  'Socket Process': { path: `${browser}/firefox-esr`, lasts: -1 },
  'Privileged Cont': { path: `${browser}/firefox-esr`, lasts: -1 },
  WebExtensions: { path: `${browser}/firefox-esr`, lasts: -1 },
  'Web Content': { path: `${browser}/firefox-esr`, lasts: 900 },
  'Isolated Web Co': { path: `${browser}/firefox-esr`, lasts: 600 },
  thunderbird: {
    path: '/usr/lib/thunderbird/thunderbird',
    lasts: -1,
    connects: { mail: 2, web: 1 },
    opens: ['.thunderbird/main/key4.db', '.thunderbird/main/global-messages-db.sqlite'],
  },
  'soffice.bin': {
    path: `${office}/soffice.bin`,
    lasts: 2400,
    starts: { oosplash: 1 },
    opens: ['Documents/report.odt'],
  },
  oosplash: { path: `${office}/oosplash`, lasts: 2300 },
  evince: { lasts: 500, starts: { evinced: 0.5 }, opens: ['Documents/paper.pdf'] },
  evinced: { path: '/usr/libexec/evinced', lasts: 400 },
  thunar: { lasts: 300, opens: ['Documents'] },
  'gvfsd-trash': { path: '/usr/libexec/gvfsd-trash', lasts: -1 },
  mousepad: { lasts: 400, opens: ['notes.txt'] },
  gimp: { path: '/usr/bin/gimp-2.10', lasts: 3600, starts: { 'script-fu': 1 }, opens: ['Pictures/poster.xcf'] },
  'script-fu': { path: '/usr/lib/gimp/2.0/plug-ins/script-fu/script-fu', lasts: 3500 },
  inkscape: { lasts: 3000, opens: ['Pictures/logo.svg'] },
  blender: { lasts: 4000, opens: ['Projects/scene.blend'] },
  'darktable-cli': { lasts: 240, opens: ['Pictures/raw.nef'] },
  code: {
    path: '/usr/share/code/code',
    lasts: -1,
    connects: { code: 2, packages: 1 },
    starts: { 'code-helper': 4, rg: 1, node: 1, bash: { times: 0.5, starts: { git: 0.5 } } },
    opens: ['.config/Code/state.vscdb'],
  },
  'code-helper': { path: '/usr/share/code/code', lasts: -1 },
  'element-desktop': { path: '/opt/Element/element-desktop', lasts: -1, connects: { chat: 2 } },
  zoom: { path: '/opt/zoom/zoom', lasts: 2400, connects: { meeting: 4 } },
  'xfce4-terminal': { lasts: -1 },
  bash: { lasts: -1 },
  rhythmbox: { lasts: 5000, connects: { music: 2 } },
  rstudio: { path: '/usr/lib/rstudio/rstudio', lasts: 5000, starts: { rsession: 1 } },
  rsession: { path: '/usr/lib/rstudio/bin/rsession', lasts: 5000, opens: ['study/data.rds'] },
};

/** Of a desktop session, what `systemd --user` starts; the rest is the desktop's own child. */
export const managed = new Set([
  'dbus-daemon',
  'xfconfd',
  'gpg-agent',
  'pulseaudio',
  'gvfsd',
  'gvfs-udisks2-vo',
  'at-spi-bus-laun',
  'tumblerd',
  'xfce4-notifyd',
]);

/** What a desktop session begins with, in this order. */
export const sessionPrograms = [
  ...['dbus-daemon', 'xfconfd', 'ssh-agent', 'gpg-agent', 'xfwm4', 'xfsettingsd', 'xfce4-panel'],
  ...['Thunar', 'xfdesktop', 'wrapper-2.0', 'wrapper-2.0', 'pulseaudio', 'gvfsd', 'gvfs-udisks2-vo', 'polkit-gnome-au'],
  ...['xfce4-power-man', 'nm-applet', 'at-spi-bus-laun', 'tumblerd', 'xfce4-notifyd'],
];

/** Commands that a shell does itself. */
export const builtins = new Set([
  'cd',
  'exit',
  'export',
  'alias',
  'history',
  'source',
  'pwd',
  'echo',
  'fg',
  'jobs',
  'type',
]);

/** Commands that run long enough to be seen, or that do more than run. Others take about a second. */
export const commands: Readonly<Record<string, Program>> = {
  vim: { lasts: 240, starts: { bash: { times: 0.05, starts: { make: 0.5 } } }, opens: ['.viminfo'] },
  less: { lasts: 40 },
  man: { lasts: 50, starts: { less: 1 } },
  git: {
    lasts: 1.5,
    // A pager, and hooks.
    starts: { 'git-remote-https': 0.15, less: 0.15, sh: { times: 0.05, starts: { python3: 0.5 } } },
    connects: { code: 0.2 },
  },
  sh: { path: '/usr/bin/dash', lasts: 12 },
  'git-remote-https': { path: '/usr/lib/git-core/git-remote-https', lasts: 3 },
  make: { lasts: 45, starts: { cc1plus: 2, as: 1, ld: 1, sh: { times: 1, starts: { cc1plus: 2, python3: 0.1 } } } },
  cc1plus: { path: '/usr/lib/gcc/x86_64-linux-gnu/12/cc1plus', lasts: 12 },
  gcc: { lasts: 3, starts: { cc1: 1 } },
  cc1: { path: '/usr/lib/gcc/x86_64-linux-gnu/12/cc1', lasts: 4 },
  gdb: { lasts: 400 },
  node: { lasts: 120 },
  npm: { lasts: 25, starts: { sh: { times: 1, starts: { node: 2 } } }, connects: { packages: 2 } },
  docker: { lasts: 8, connects: { packages: 0.2 } },
  ssh: { lasts: 700, connects: { servers: 1 }, opens: ['.ssh/known_hosts'] },
  scp: { lasts: 12, starts: { ssh: 1 }, connects: { servers: 1 } },
  rsync: { lasts: 90, starts: { ssh: 1 }, connects: { storage: 1 } },
  tmux: { lasts: -1, starts: { bash: 1 } },
  tail: { lasts: 200 },
  top: { lasts: 90 },
  htop: { lasts: 120 },
  journalctl: { lasts: 60 },
  'ansible-playbook': {
    lasts: 150,
    starts: { python3: 3, ssh: 4 },
    connects: { servers: 4 },
    opens: ['.ssh/known_hosts'],
  },
  sudo: { lasts: 6 },
  python3: { lasts: 80 },
  'jupyter-lab': { lasts: 9000, starts: { python3: 2 } },
  R: { lasts: 1800 },
  latexmk: { lasts: 25, starts: { pdflatex: 2, bibtex: 1 } },
  pdflatex: { lasts: 9 },
  sbatch: { lasts: 2, connects: { cluster: 0.3 } },
  curl: { lasts: 3, connects: { web: 1 } },
  wget: { lasts: 12, connects: { web: 1 } },
  tar: { lasts: 12 },
  find: { lasts: 6 },
  gpg: { lasts: 4, opens: ['.gnupg/pubring.kbx'] },
  ffmpeg: { lasts: 200 },
};
