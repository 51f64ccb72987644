/** What a program is for, as far as that says what it usually starts and who usually starts it. */
export const programClasses = [
  'shell',
  'interpreter',
  'network',
  'document',
  'terminal',
  'container',
  'daemon',
  'other',
] as const;
export type ProgramClass = (typeof programClasses)[number];

/**
 * Names by class: /etc/shells of Debian, interpreters and network clients by Debian's package sections (shells, interpreters, net),
 * documents and browsers by freedesktop's menu categories (Office, WebBrowser, Viewer, Email), sessions and terminals by
 * TerminalEmulator and what display managers start, containers by the engines and runtimes of Debian's section admin that speak the
 * Open Container Initiative's formats, with their helpers for ports and networks, daemons by what systemd and cron run. No list of
 * what attackers use.
 */
const classes: Readonly<Record<Exclude<ProgramClass, 'other'>, RegExp>> = {
  shell: /^(?:ba|da|z|k|mk|a|c|tc|fi|pdk|r?ba)?sh$|^busybox$|^pwsh$/,
  interpreter:
    /^(?:python|perl|ruby|irb|node|nodejs|php|lua|luajit|java|[gm]?awk|tclsh|wish|Rscript|R|guile|julia|osascript|deno|bun|mono|erl|gdb|expect)[\d.]*$/,
  network:
    /^(?:curl|wget|nc|ncat|netcat|socat|ssh|scp|sftp|rsync|t?ftp|telnet|nmap|dig|host|nslookup|whois|tcpdump|ping|traceroute|aria2c|lynx|w3m|smbclient|sshpass|autossh|openssl|mosh|rclone)(?:\.\w+)?$/,
  document:
    /^(?:firefox|chrom|google-chrome|brave|opera|vivaldi|epiphany|falkon|midori|thunderbird|evolution|geary|claws-mail|soffice|libreoffice|oosplash|lowriter|localc|abiword|gnumeric|evince|atril|okular|xpdf|zathura|xreader|eog|ristretto|gimp|vlc|mpv|totem|parole|mousepad|gedit|kate|Web Content|WebExtensions|Isolated Web|Socket Process|Privileged Cont)/,
  terminal:
    /^(?:xfce4-|gnome-(?:terminal|shell|session)|konsole|plasma|kwin|x-terminal|[xu]?rxvt|xterm|terminator|alacritty|kitty|foot|tilix|lxterminal|qterminal|tmux|screen|sshd|login|lightdm|gdm|sddm|xfdesktop|xfwm4|thunar|Thunar|nautilus|nemo|caja|pcmanfm|dolphin|cinnamon|mate-|lxqt|Xorg|Xwayland)/,
  container:
    /^(?:docker|podman|buildah|containerd|conmon|crun|runc|rootless(?:port|kit)|slirp4netns|pasta|netavark|aardvark-dns|catatonit|lxc-|systemd-nspawn)/,
  daemon:
    /^(?:systemd$|systemd-[a-z]+d$|init$|cron|crond|anacron|atd|dbus|polkitd|cupsd|NetworkManager|wpa_supplicant|avahi|rsyslogd|udisks|upower|packagekitd|snapd|apache2|httpd|nginx|mysqld|mariadbd|postgres|smbd|gvfs|at-spi|pulseaudio|pipewire|wireplumber|kthreadd|unattended-upgr)/,
};

/** Names that were met: a user has some hundreds, and each row asks. */
const met = new Map<string, ProgramClass>();
const MOST_MET = 5000;

/** @param name of a program: its file's, or what the kernel calls the process (at most 15 characters) */
export function classOf(name: string): ProgramClass {
  const before = met.get(name);
  if (before !== undefined) return before;
  const found = Object.entries(classes).find(([, names]) => names.test(name))?.[0] as ProgramClass | undefined;
  if (met.size < MOST_MET) met.set(name, found ?? 'other');
  return found ?? 'other';
}
