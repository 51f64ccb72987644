import type { Occupation } from '../people.ts';

/** How often something new of a kind comes into somebody's work, and how long it stays. */
export interface Rate {
  /** Times a week of work. */
  readonly aWeek: Readonly<Record<Occupation, number>>;
  /** Median days until it was used the last time (log-normal); 0: it is used on one day only. */
  readonly days: number;
  /** Median times that it is used on a day of work meanwhile (log-normal). */
  readonly use: number;
}

const rate = (
  [developer, administrator, student, designer, clerk]: readonly [number, number, number, number, number],
  days = 0,
  use = 0,
): Rate => ({ aWeek: { developer, administrator, student, designer, clerk }, days, use });

/**
 * New things of a person. A rate is a guess unless its source is told; where there is a source it tells the order of
 * magnitude and the form, and who has how much of it is a guess still.
 */
export const rates = {
  /**
   * A program of the system that was never run before. Source: of the 25 command logs of the masquerade data of
   * Schonlau et al. 2001 (5,000 commands each), the second half has 0 to 15 new names per 1,000 commands, median 4.8; 30 %
   * of them come once, 17 % ten times or more. A developer here types about 1,000 commands a week.
   */
  tool: rate([3, 4, 2, 0.6, 0.3], 6, 0.5),
  /** A program in ~/.local/bin, ~/.cargo/bin or ~/go/bin. A guess. */
  ownTool: rate([1, 0.7, 0.7, 0.2, 0.05], 8, 0.6),
  /** A package that npx fetches and runs. A guess. */
  npx: rate([0.7, 0.1, 0.1, 0.05, 0], 2, 0.4),
  /** A script of one's own, in ~/bin or a project: `bash x.sh`, `./x.sh` or by its name. A guess. */
  script: rate([1.5, 2, 1.2, 0.2, 0.1], 10, 0.6),
  /** What was built just now: target/debug/x, build/x, /tmp/go-build…/x. A guess. */
  build: rate([1.2, 0.2, 0.6, 0, 0], 6, 1.5),
  /** A Python of a project's own: virtualenv, conda, pyenv, uv. A guess. */
  venv: rate([0.6, 0.4, 0.8, 0.05, 0], 10, 1),
  /** ssh, nc, curl, nmap and others to a machine that is new. A guess. */
  netTool: rate([1.5, 4, 0.8, 0.2, 0.1], 3, 0.4),
  /** `sudo apt install`: packages' scripts run as root. A guess; those who may not become root do not. */
  install: rate([0.7, 1.5, 0, 0, 0]),
  /** A container without root. A guess. */
  container: rate([0.4, 0.5, 0.1, 0, 0], 8, 0.6),
  /** A server for a look at one's own work, on a port of its own. A guess. */
  devServer: rate([0.8, 0.2, 0.4, 0.1, 0], 6, 0.7),
  /** An AppImage, from the file manager or a terminal. A guess. */
  appImage: rate([0.15, 0.1, 0.2, 0.3, 0.15], 20, 0.4),
  /** An installer that unpacks itself below /tmp. A guess. */
  installer: rate([0.1, 0.15, 0.1, 0.1, 0.05]),
  /** What goes on below /tmp or ~/.cache after its parent ended: build servers, updaters. A guess. */
  orphan: rate([0.5, 0.3, 0.3, 0.15, 0.1], 4, 0.4),
  /** A service of `systemd --user` below ~/.local, each day from then on. A guess. */
  helper: rate([0.08, 0.08, 0.05, 0.05, 0.03], 50),
  /**
   * A program with a window, from the menu, the panel or a file that it opens. A guess: one in two weeks. Programs are typed
   * more often than that, but who does not type has nothing else.
   */
  menuProgram: rate([0.5, 0.5, 0.6, 0.7, 0.5], 8, 0.6),
  /**
   * A service of a package that `systemd --user` starts when something asks for it on the session's bus: portals, indexers,
   * keyrings, thumbnailers. A guess: that one in three programs of a menu brings one, and as many come by upgrades.
   */
  busService: rate([0.4, 0.4, 0.4, 0.4, 0.3], 15, 0.7),
  /** A program with a window that starts a shell: openers, plug-ins. A guess. */
  desktopShell: rate([0.8, 0.4, 0.5, 0.5, 0.5]),
  /** The browser or the mail program at a machine and port of its own. A guess. */
  newService: rate([0.6, 1.2, 0.3, 0.2, 0.3], 5, 0.6),
  /** A login from another machine of one's own. A guess. */
  ownLogin: rate([0.4, 1, 0.4, 0.05, 0]),
  /** A login from where one never was. A guess. */
  awayLogin: rate([0.12, 0.25, 0.1, 0.01, 0]),
  /** A key that may log in. A guess: a few a year. */
  key: rate([0.06, 0.12, 0.05, 0.01, 0.005]),
  /** A sudo rule, for one program or for all. A guess: one or two a year. */
  sudoRule: rate([0.03, 0.06, 0, 0, 0]),
  /** A cron job, which runs each day from then on. A guess. */
  cronJob: rate([0.08, 0.2, 0.05, 0.01, 0], 60),
  /** Something that starts with the desktop. A guess. */
  autostart: rate([0.08, 0.05, 0.06, 0.08, 0.05]),
  /** A stick or disk that was never there. A guess. */
  stick: rate([0.15, 0.2, 0.25, 0.4, 0.3]),
} as const satisfies Readonly<Record<string, Rate>>;

export type Kind = keyof typeof rates;

/** Of a machine, times a week of seven days. */
export const machineRates = {
  /**
   * Packages that are upgraded while people work. Source: Debian published 245 security advisories in 2024 (DSA 5593 to
   * 5837), nearly five a week; that two of them are of programs that run on a desktop is a guess.
   */
  patch: 2,
  /** An account that a package brings. A guess. */
  serviceAccount: 0.06,
  /** An account for a guest. A guess. */
  guest: 0.03,
  /** Somebody becomes member of a group that leads to root. A guess. */
  group: 0.04,
  /** A kernel module of a device or a file system that was never there. A guess. */
  module: 0.7,
  /** A keyboard, camera or token. A guess. */
  device: 0.15,
} as const;
