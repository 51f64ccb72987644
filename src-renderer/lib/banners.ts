import type { DesktopState, ExampleState } from '../../src-main/contract/desktop.ts';

/** Something that a person should know wherever in the window they are. */
export type Banner =
  | ({ readonly kind: 'example' } & ExampleState)
  | { readonly kind: 'worker'; readonly cause: string; readonly again: string }
  | { readonly kind: 'log'; readonly cause: string }
  | { readonly kind: 'store'; readonly cause: string }
  /** Unix milliseconds. */
  | { readonly kind: 'paused'; readonly until: number }
  | { readonly kind: 'note'; readonly cause: string }
  | { readonly kind: 'notice'; readonly cause: string };

/** What is to be told: whose data it is, then the worst first. @param clock writes Unix seconds */
export function bannersOf(
  state: DesktopState | undefined,
  notices: readonly string[],
  clock: (seconds: number) => string,
): Banner[] {
  const told: Banner[] = [];
  if (state) {
    const { worker, source, problem, pausedUntil, example } = state;
    // Whoever takes the example for their own people misreads everything else.
    if (example) told.push({ kind: 'example', ...example });
    if (worker.state === 'down') told.push({ kind: 'worker', cause: worker.cause, again: clock(worker.again / 1000) });
    if (source && source.state !== 'following') told.push({ kind: 'log', cause: `${source.path}: ${source.cause}` });
    if (problem !== null) told.push({ kind: 'store', cause: problem });
    if (pausedUntil !== null) told.push({ kind: 'paused', until: pausedUntil });
    if (source?.state === 'following' && source.note !== undefined) told.push({ kind: 'note', cause: source.note });
  }
  return [...told, ...notices.map((cause) => ({ kind: 'notice', cause }) as const)];
}
