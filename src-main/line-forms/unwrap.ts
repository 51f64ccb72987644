/** What stands around osquery's line, or in its place. */
export const wrappings = ['prefix', 'several', 'array', 'shipped'] as const;
export type Wrapping = (typeof wrappings)[number];
export type ForeignForm = 'status-log' | 'shipper' | 'spread';

export type Unwrapped =
  /** Whole texts that may be results; none where the line is nothing but a bracket. */
  | { readonly form: Wrapping; readonly lines: readonly string[] }
  /** Something else that is known, and that holds no whole result. */
  | { readonly form: ForeignForm; readonly lines?: undefined };

/** A prefix of syslog is shorter. */
const LONGEST_PREFIX = 512;
/** Lines that one line may hold: more are no log of osquery. */
const MOST_LINES = 10_000;
/** glog: `I0725 17:20:00.123456  4711 scheduler.cpp:105] …`, and what stands at a file's start. */
const glog = /^(?:[IWEF]\d{4} \d\d:\d\d:\d\d|Log file created at: |Running on machine: |Log line format: )/;
/** Where shippers put the line, or what they made of it. */
const holders = [
  ...[
    'message',
    'log',
    'msg',
    'MESSAGE',
    'Message',
    'line',
    'event',
    '_raw',
    'json',
    'result',
    'data',
    'payload',
    'osquery',
  ],
];
const shippers = [
  '@timestamp',
  '@version',
  'agent',
  'beat',
  'ecs',
  'stream',
  'syslog',
  '__REALTIME_TIMESTAMP',
  'osquery',
];

/**
 * What a text that is no result by itself seems to be: a result with something before it, several in one line, a line of a JSON
 * array, one in a shipper's wrapper; or osquery's status log, what a shipper made of a result, JSON spread over lines.
 * Undefined where it is none of them. Takes time that grows with the text's length.
 */
export function unwrap(text: string): Unwrapped | undefined {
  const line = text.replace(/^\uFEFF/, '').trim();
  if (glog.test(line)) return { form: 'status-log' };
  if (line.startsWith('[')) return ofArray(line);
  if (line.startsWith('{')) return ofObject(line);
  if (/^[}\]],?$/.test(line)) return line.startsWith(']') ? { form: 'array', lines: [] } : { form: 'spread' };
  if (/^"[^"]{1,200}"\s*:/.test(line)) return { form: 'spread' };
  const at = line.indexOf('{');
  const whole = withoutEnd(line);
  return at > 0 && at <= LONGEST_PREFIX && whole.endsWith('}')
    ? { form: 'prefix', lines: [whole.slice(at)] }
    : undefined;
}

function ofArray(line: string): Unwrapped | undefined {
  const whole = parsed(line);
  if (Array.isArray(whole)) {
    const objects = whole.filter((one) => typeof one === 'object' && one !== null).slice(0, MOST_LINES);
    return objects.length > 0 ? { form: 'array', lines: objects.map((one) => JSON.stringify(one)) } : undefined;
  }
  const rest = line.slice(1).trim();
  return rest === '' || rest.startsWith('{')
    ? { form: 'array', lines: rest === '' ? [] : [withoutEnd(rest)] }
    : undefined;
}

const withoutEnd = (text: string): string => text.replace(/[\s,\]]+$/, '');

function ofObject(line: string): Unwrapped | undefined {
  const whole = parsed(line);
  if (typeof whole === 'object' && whole !== null) return inObject(whole as Record<string, unknown>);
  const rest = withoutEnd(line);
  const objects = objectsIn(rest);
  if (objects === undefined || objects.length === 0) return undefined;
  return { form: objects.length > 1 ? 'several' : 'array', lines: objects };
}

function inObject(object: Record<string, unknown>): Unwrapped | undefined {
  if (['severity', 'filename', 'line', 'message'].every((key) => Object.hasOwn(object, key)))
    return { form: 'status-log' };
  for (const key of holders) {
    const held = Object.hasOwn(object, key) ? object[key] : undefined;
    if (typeof held === 'string' && /\{\s*"/.test(held)) return { form: 'shipped', lines: [held] };
    if (isResult(held)) return { form: 'shipped', lines: [JSON.stringify(held)] };
  }
  return shippers.some((key) => Object.hasOwn(object, key)) ? { form: 'shipper' } : undefined;
}

/** Whether it has what osquery gives every result. */
export function isResult(value: unknown): value is Record<string, unknown> & { readonly name: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { name, unixTime } = value as Record<string, unknown>;
  return typeof name === 'string' && name !== '' && unixTime !== undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The objects that stand one after the other in a text, as texts; undefined where anything else stands between. One pass. */
function objectsIn(text: string): string[] | undefined {
  const objects: string[] = [];
  let [depth, start] = [0, 0];
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (isQuoted) {
      if (char === '\\') at++;
      else if (char === '"') isQuoted = false;
      continue;
    }
    if (char === '{') {
      if (depth++ === 0) start = at;
    } else if (depth === 0) {
      if (!/[\s,]/.test(char)) return undefined;
    } else if (char === '"') isQuoted = true;
    else if (char === '}' && --depth === 0 && objects.push(text.slice(start, at + 1)) >= MOST_LINES) return objects;
  }
  return depth === 0 ? objects : undefined;
}
