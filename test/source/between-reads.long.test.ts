/** What happens to the log between two of the reader's looks at files, tried at every third of them. */
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { scratch } from '../scratch.ts';
import { Journal } from '../torture/journal.ts';
import { Instants } from './instants.ts';
import { Reader } from './reader.ts';

type Happening = (journal: Journal) => void;

/** A reader that looks at nothing for this long waits for the next change. Milliseconds. */
const IDLE_MS = 250;
const MOST_LOOKS = 400;
/** Not each look is tried, for time: what was found took four in a row or more. */
const STEP = 3;

let instants: Instants;
beforeAll(async () => {
  instants = await Instants.begin();
});
afterAll(() => {
  instants.end();
});

const found: readonly (readonly [what: string, first: Happening, between: Happening])[] = [
  [
    'a log that is emptied, written, packed and gone: what is packed is read, also where the log was met before',
    (journal) => {
      journal.rotate({ do: 'rotate', how: 'rename and create', again: false });
      journal.write(1);
    },
    (journal) => {
      journal.truncate();
      journal.write(1);
      journal.rotate({ do: 'rotate', how: 'rename and zstd', again: false });
    },
  ],
  [
    'a log that is rotated away and deleted while it is open: what was packed after it comes after it',
    (journal) => {
      journal.rotate({ do: 'rotate', how: 'rename and create', again: true });
    },
    (journal) => {
      journal.write(1);
      journal.rotate({ do: 'rotate', how: 'rename and create', again: false });
      journal.write(4);
      journal.rotate({ do: 'rotate', how: 'as osquery does', again: true });
      journal.forget(2);
    },
  ],
  [
    'a log that is copied twice, then packed and deleted, while it is open: what was copied comes before it',
    (journal) => {
      journal.rotate({ do: 'rotate', how: 'rename and create', again: true });
    },
    (journal) => {
      journal.write(26);
      journal.rotate({ do: 'rotate', how: 'copytruncate', again: true });
      journal.write(2);
      journal.rotate({ do: 'rotate', how: 'as osquery does', again: true });
    },
  ],
];

it.each(found)('%s', { timeout: 120_000 }, async (_, first, between) => {
  let looks = 1;
  while (looks < MOST_LOOKS && (await happens(first, between, looks))) looks += STEP;
  // Not fewer than a look at two folders takes, and not without end.
  expect(looks).toBeGreaterThan(40);
  expect(looks).toBeLessThan(MOST_LOOKS);
});

/** @returns whether the reader looked this many times */
async function happens(first: Happening, between: Happening, looks: number): Promise<boolean> {
  const journal = new Journal(join(scratch(), 'log'));
  const reader = new Reader(journal.log, { pollMs: 1000 });
  try {
    journal.write(1);
    await reader.until(1);
    first(journal);
    instants.before(looks, () => {
      between(journal);
    });
    if (!(await instants.until(IDLE_MS))) return false;
    journal.finish();
    const last = journal.count - 1;
    await expect.poll(() => numbersOf(reader).at(-1), { timeout: 6000, interval: 2 }).toBe(last);
    const there = Array.from({ length: journal.count }, (_, n) => n).filter((n) => !journal.gone.has(n));
    expect(numbersOf(reader), `before look ${looks}`).toEqual([...new Set(numbersOf(reader))].sort((a, b) => a - b));
    expect(numbersOf(reader), `before look ${looks}`).toEqual(expect.arrayContaining(there));
    return true;
  } finally {
    instants.forget();
    await reader.stop();
  }
}

const numbersOf = ({ texts }: Reader): number[] => texts.map((text) => Number(/"number":"(\d+)"/.exec(text)![1]));
