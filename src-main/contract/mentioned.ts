import { plainAddress } from '../../models/features/addresses.ts';

/** Longer texts are no names: messages, scripts. Characters. */
const LONGEST = 256;
/** Columns with the path of a program or file, which is also asked for by its last part. */
const NAMED_BY_PATH: ReadonlySet<string> = new Set(['path', 'exe']);

/**
 * The values of a row by which it is found again, each once: names, paths, addresses in their one form. Plain numbers (ports,
 * process and user numbers, times) name nothing by themselves, and empty or long texts are no names.
 */
export function mentionedIn(columns: Readonly<Record<string, string>>): Set<string> {
  const found = new Set<string>();
  for (const [column, value] of Object.entries(columns)) {
    if (value === '' || value.length > LONGEST || /^\d+$/.test(value)) continue;
    found.add(plainAddress(value));
    if (value.startsWith('/') && NAMED_BY_PATH.has(column)) {
      const last = value.slice(value.lastIndexOf('/') + 1);
      if (last !== '' && !/^\d+$/.test(last)) found.add(last);
    }
  }
  return found;
}

/** A value as it is asked for: addresses in the form in which they are kept. */
export const asMentioned = (value: string): string => plainAddress(value.trim());
