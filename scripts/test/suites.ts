interface Common {
  readonly name: string;
  readonly lane: Lane;
  /** What a suite of minutes proves that no quicker one does. */
  readonly buys?: string;
  /** `npm run check` runs it too, before each commit. */
  readonly check?: true;
}

/**
 * `first`: alone, before all. `exclusive`: takes a desktop, a browser or the folders of the system, which no two suites can
 * have at once, and mostly waits. `free`: takes nothing but a processor.
 */
export type Lane = 'first' | 'exclusive' | 'free';

/** One thing that `npm test` runs. */
export type Suite =
  /** A command that passes or fails as a whole: one test. Its output is shown when it fails. */
  | (Common & {
      readonly kind: 'step';
      readonly script: string;
      /** What `npm run check` runs in its place: the same of what changed since it last ran. */
      readonly quick?: string;
    })
  /** A project of vitest.config.js: each of its tests counts. */
  | (Common & { readonly kind: 'vitest'; readonly project: string });

/** What `npm test` runs, in this order as far as lanes let it; a new suite is a line here. `script` is a name in package.json. */
export const suites: readonly Suite[] = [
  { kind: 'step', name: 'build', script: 'build', lane: 'first' },
  {
    kind: 'vitest',
    name: 'on a real desktop',
    project: 'desktop',
    lane: 'exclusive',
    buys: 'tray, notifications, processes and keys, as a person at Xfce meets them',
  },
  {
    kind: 'vitest',
    name: 'the window in a browser',
    project: 'window',
    lane: 'exclusive',
    buys: 'every screen under axe, in every width, and all that a person does on `ubad serve`',
  },
  {
    kind: 'vitest',
    name: 'installed packages',
    project: 'package',
    lane: 'exclusive',
    buys: 'that what is shipped installs, upgrades, runs and goes without a trace',
  },
  {
    kind: 'vitest',
    name: 'commands of the documents',
    project: 'documents',
    lane: 'exclusive',
    buys: 'that what we tell people to type works',
  },
  { kind: 'step', name: 'format', script: 'format:check', lane: 'free', check: true },
  {
    kind: 'step',
    name: 'lint',
    script: 'lint',
    // A cached verdict may be old where a type of another file changed: CI lints all.
    quick: 'lint:changed',
    lane: 'free',
    check: true,
  },
  { kind: 'step', name: 'import rules', script: 'rules', lane: 'free', check: true },
  { kind: 'step', name: 'types', script: 'types', lane: 'free', check: true },
  { kind: 'step', name: 'unused code', script: 'unused', lane: 'free', check: true },
  { kind: 'vitest', name: 'unit tests', project: 'unit', lane: 'free', check: true },
  {
    kind: 'vitest',
    name: 'long unit tests',
    project: 'long',
    lane: 'free',
    buys: 'models that are really trained, and schedules of faults',
  },
  { kind: 'vitest', name: 'cures', project: 'cures', lane: 'free' },
  {
    kind: 'vitest',
    name: 'a fleet',
    project: 'fleet',
    lane: 'free',
    buys: 'that killed, paused and cut-off workers lose no line and tell no alert twice',
  },
  {
    kind: 'vitest',
    name: 'killed at any moment',
    project: 'kill',
    lane: 'free',
    buys: 'that a real process, killed or starved, stores each line once',
  },
  {
    kind: 'step',
    name: 'torture',
    script: 'test:torture',
    lane: 'free',
    buys: 'faults in an order that nobody thought of',
  },
];

/** Of these suites what `npm run check` runs, and as it runs it. */
export const quickOf = (all: readonly Suite[]): readonly Suite[] =>
  all
    .filter(({ check }) => check)
    .map((suite) => (suite.kind === 'step' ? { ...suite, script: suite.quick ?? suite.script } : suite));
