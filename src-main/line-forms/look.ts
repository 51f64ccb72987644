import { isResult, unwrap, type ForeignForm, type Wrapping } from './unwrap.ts';

/** Why a line is no result. */
export type Reason = ForeignForm | 'not-json' | 'no-result';

export interface LookedAt {
  readonly results: readonly { readonly name: string; readonly time: number | undefined }[];
  readonly form: Wrapping | undefined;
  readonly reason: Reason | undefined;
}

/** Wrappers in wrappers: a shipper's around syslog's. */
const DEEPEST = 3;

/** A quick look at a line of a log, for those who only want to know whether there are results in it. */
export function look(text: string, depth = 0): LookedAt {
  const value = parsed(text);
  if (isResult(value)) {
    const time = Number(value.unixTime);
    return { results: [{ name: value.name, time: time > 0 ? time : undefined }], form: undefined, reason: undefined };
  }
  const unwrapped = unwrap(text);
  const found = depth < DEEPEST ? (unwrapped?.lines ?? []).flatMap((line) => look(line, depth + 1).results) : [];
  if (unwrapped?.lines && found.length > 0) return { results: found, form: unwrapped.form, reason: undefined };
  const reason = value === undefined ? 'not-json' : 'no-result';
  return { results: [], form: undefined, reason: unwrapped && !unwrapped.lines ? unwrapped.form : reason };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
