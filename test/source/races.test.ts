/** What happens to a log between two of the reader's looks, tried at many instants. */
import { appendFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { expect, it } from 'vitest';

import { random } from '../../models/random.ts';
import { scratch } from '../scratch.ts';
import { Reader } from './reader.ts';

const TRIES = 30;

it('a half line of a log that was emptied is not put before what was written since', async () => {
  const next = random(6);
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const log = join(scratch(), 'results.log');
    const reader = new Reader(log, { pollMs: 20 });
    try {
      appendFileSync(log, '{"line":"that was begun');
      await setTimeout(next() * 40);
      // Its rest, the emptying and longer lines than were read, between two looks.
      appendFileSync(log, ' and ended"}\n');
      truncateSync(log, 0);
      const lines = [1, 2, 3].map((n) => `{"n":${n},"text":"${'longer than the one before '.repeat(3)}"}`);
      appendFileSync(log, lines.map((line) => `${line}\n`).join(''));
      const own = (): string[] => reader.texts.filter((text) => !text.includes('begun'));
      await reader.until(3);
      while (own().length < 3) await reader.until(reader.texts.length + 1);
      expect(own()).toEqual(lines);
    } finally {
      await reader.stop();
    }
  }
}, 60_000);
