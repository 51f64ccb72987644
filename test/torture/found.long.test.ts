/** Schedules that the torture suite found, of races: each is tried many times. */
import { afterAll, expect, it } from 'vitest';

import { scratch } from '../scratch.ts';
import type { Step } from './schedule.ts';
import { StatementFaults } from './statement-faults.ts';
import { World } from './world.ts';

const faults = { statements: new StatementFaults(), system: undefined };
afterAll(() => {
  faults.statements.remove();
});

const found: readonly (readonly [what: string, steps: readonly Step[]])[] = [
  [
    'a line that was copied away just after the log was renamed and created waits for no other',
    [
      { do: 'rotate', how: 'rename and create', again: true },
      { do: 'settle' },
      { do: 'rotate', how: 'copytruncate', again: true },
      { do: 'settle' },
    ],
  ],
  [
    'a half line of a log that was emptied and has grown since is not put before its first line',
    [
      { do: 'rotate', how: 'rename and create', again: true },
      { do: 'half', bytes: 56 },
      { do: 'wait', turns: 8 },
      { do: 'truncate' },
      { do: 'clock', seconds: 28_800 },
      { do: 'write', lines: 5 },
    ],
  ],
  [
    'a line of which only the beginning was seen before it was copied away is read from the copy',
    [
      { do: 'rotate', how: 'rename and create', again: false },
      { do: 'half', bytes: 1 },
      { do: 'wait', turns: 4 },
      { do: 'rotate', how: 'copytruncate', again: false },
    ],
  ],
];

it.each(found)('%s', { timeout: 60_000 }, async (_, steps) => {
  const folder = scratch();
  for (let attempt = 0; attempt < 15; attempt++) {
    const world = new World(folder, faults);
    try {
      expect(await world.live(steps)).toMatchObject({ refused: 0 });
    } finally {
      await world.remove();
    }
  }
});
