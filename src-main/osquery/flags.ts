/** osquery's flags, as gflags reads them from a file: one a line, a later one wins. */

/** A flag's value and the file that said it. */
export interface FlagValue {
  readonly value: string;
  readonly by: string;
}
export type Flags = ReadonlyMap<string, FlagValue>;

/** Flag files that include each other end here. */
const DEEPEST = 4;
const TRUE = /^(1|t|true|y|yes)$/i;

/**
 * @param path of the flag file, for messages
 * @param read text of a file; undefined: there is none
 */
export function flagsIn(path: string, read: (path: string) => string | undefined, depth = 0): Flags {
  const flags = new Map<string, FlagValue>();
  const text = read(path);
  if (text === undefined || depth > DEEPEST) return flags;
  for (const line of text.split('\n')) {
    const [, name, written = ''] = /^\s*--?([A-Za-z_]\w*)(?:\s*=\s*|\s+|$)(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const value = written.trim().replace(/^(["'])(.*)\1$/, '$2');
    if (name === 'flagfile') {
      for (const [inner, said] of flagsIn(value, read, depth + 1)) flags.set(inner, said);
    } else if (value === '' && name.startsWith('no')) flags.set(name.slice(2), { value: 'false', by: path });
    else flags.set(name, { value: value === '' ? 'true' : value, by: path });
  }
  return flags;
}

/** A flag that is on or off. */
export const isOn = (said: FlagValue | undefined): boolean => said !== undefined && TRUE.test(said.value);
