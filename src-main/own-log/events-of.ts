import type { SourceState } from '../contract/desktop.ts';
import type { LogEvent } from '../contract/log-events.ts';

type Failure = Omit<Extract<LogEvent, { readonly what: 'failed' }>, 'what'>;

const MOST_PLACES = 8;

/** What may be told of any error: never its message, which quotes paths and names, and of its stack no folder. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { error: undefined, code: undefined, places: undefined };
  const { code } = error as { readonly code?: unknown };
  return { error: error.name, code: typeof code === 'string' ? code : undefined, places: placesIn(error) };
}

export const sourceLogEvent = ({ state }: SourceState): LogEvent =>
  state === 'following' ? { what: 'log-followed' } : { what: 'log-not-read', why: state };

/** The message stands before the frames and may look like some: it is passed over. */
function placesIn({ message, stack = '' }: Error): string | undefined {
  const begins = stack.indexOf(message);
  if (begins === -1) return undefined;
  const frames = stack.slice(begins + message.length);
  const places = [...frames.matchAll(/^ {4}at .*[/ (]([\w-][\w.-]*\.[cm]?[jt]s:\d+:\d+)\)?$/gm)].map(
    ([, place]) => place!,
  );
  return places.length === 0 ? undefined : places.slice(0, MOST_PLACES).join(' ');
}
