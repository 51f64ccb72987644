import { hash } from 'node:crypto';

/** Hexadecimal digits of a hash that are kept: 48 bits, which a number and a row of SQLite hold. */
const DIGITS = 12;
const MOST_REMEMBERED = 20_000;

/** By what a value stands in the index, 48 bits: of a million values any two share one with a chance of n² / 2⁴⁹ = 0.002. */
export function keysOfValues(): (value: string) => number {
  const known = new Map<string, number>();
  return (value) => {
    const remembered = known.get(value);
    if (remembered !== undefined) return remembered;
    const key = Number.parseInt(hash('sha256', value).slice(0, DIGITS), 16);
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(value, key);
    return key;
  };
}
