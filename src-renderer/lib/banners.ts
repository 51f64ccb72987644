import type { DesktopState } from '../../src-main/contract.ts';

/** Something that a person should know wherever in the window he is. */
export type Banner =
  | { readonly kind: 'worker'; readonly cause: string; readonly again: string }
  | { readonly kind: 'log'; readonly cause: string }
  | { readonly kind: 'trouble'; readonly cause: string }
  /** Times as fast as it would happen. */
  | { readonly kind: 'example'; readonly speed: number }
  /** Unix milliseconds. */
  | { readonly kind: 'paused'; readonly until: number }
  | { readonly kind: 'note'; readonly cause: string }
  | { readonly kind: 'notice'; readonly cause: string };

/** What is to be told, worst first. @param clock writes Unix seconds */
export function bannersOf(
  state: DesktopState | undefined,
  notices: readonly string[],
  clock: (seconds: number) => string,
): Banner[] {
  const told: Banner[] = [];
  if (state) {
    const { worker, source, trouble, pausedUntil } = state;
    if (worker.state === 'down') told.push({ kind: 'worker', cause: worker.cause, again: clock(worker.again / 1000) });
    if (source && source.state !== 'following') told.push({ kind: 'log', cause: `${source.path}: ${source.cause}` });
    if (trouble !== null) told.push({ kind: 'trouble', cause: trouble });
    if (state.example) told.push({ kind: 'example', speed: state.example.speed });
    if (pausedUntil !== null) told.push({ kind: 'paused', until: pausedUntil });
    if (source?.state === 'following' && source.note !== undefined) told.push({ kind: 'note', cause: source.note });
  }
  return [...told, ...notices.map((cause) => ({ kind: 'notice', cause }) as const)];
}
