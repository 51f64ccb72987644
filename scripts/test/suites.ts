/** One thing that `npm test` runs. */
export type Suite =
  /** A command that passes or fails as a whole: one test. Its output is shown when it fails. */
  | { readonly kind: 'step'; readonly name: string; readonly script: string }
  /** A Vitest configuration: each of its tests counts. */
  | { readonly kind: 'vitest'; readonly name: string; readonly config: string };

/** What `npm test` runs, in this order; a new suite is a line here. `script` is a name in package.json. */
export const suites: readonly Suite[] = [
  { kind: 'step', name: 'format', script: 'format:check' },
  { kind: 'step', name: 'lint', script: 'lint' },
  { kind: 'step', name: 'import rules', script: 'rules' },
  { kind: 'step', name: 'types', script: 'types' },
  { kind: 'step', name: 'unused code', script: 'unused' },
  { kind: 'step', name: 'build', script: 'build' },
  { kind: 'vitest', name: 'unit tests', config: 'vitest.config.js' },
  { kind: 'vitest', name: 'cures', config: 'vitest.cures.config.js' },
  { kind: 'vitest', name: 'commands of the documents', config: 'vitest.documents.config.js' },
  { kind: 'step', name: 'torture', script: 'test:torture' },
  { kind: 'vitest', name: 'killed at any moment', config: 'vitest.slow.config.js' },
  { kind: 'vitest', name: 'a fleet', config: 'vitest.fleet.config.js' },
  { kind: 'vitest', name: 'the window in a browser', config: 'vitest.window.config.js' },
  { kind: 'vitest', name: 'on a real desktop', config: 'vitest.desktop.config.js' },
  { kind: 'vitest', name: 'installed packages', config: 'vitest.package.config.js' },
];
