import fc from 'fast-check';

import { rotations, type Rotation } from '../source/writer.ts';
import { errors, type Fault, type Operation } from './system-faults.ts';

/** What may be in a log that is no result. */
export const garbage = ['not JSON', 'too long', 'nulls', 'no name', 'no time', 'binary'] as const;
/** How the files of the store are damaged. */
export const damages = ['flip', 'zero', 'cut', 'head', 'junk'] as const;
const storeFiles = ['ubad.db', 'ubad.db-wal', 'ubad.db-shm', 'ubad.lock', 'ubad.running'] as const;

/** One thing that happens to the log, the engine, its disk or its clock. */
export type Step =
  | { readonly do: 'write'; readonly lines: number }
  /** The first bytes of a line; the rest comes with whatever is written next. */
  | { readonly do: 'half'; readonly bytes: number }
  | { readonly do: 'garbage'; readonly what: (typeof garbage)[number] }
  | { readonly do: 'rotate'; readonly how: Rotation; readonly again: boolean }
  /** Emptied without a copy. */
  | { readonly do: 'truncate' }
  | { readonly do: 'remove' }
  | { readonly do: 'forget'; readonly kept: number }
  /** Another thing in the log's place, and then the log again. */
  | { readonly do: 'folder for log' }
  | { readonly do: 'wait'; readonly turns: number }
  | { readonly do: 'settle' }
  | { readonly do: 'restart' }
  /** What a SIGKILL leaves, now or before the nth next statement. */
  | { readonly do: 'crash'; readonly statements: number }
  | { readonly do: 'statement fails'; readonly code: number; readonly after: number; readonly times: number }
  | { readonly do: 'full'; readonly pages: number }
  | { readonly do: 'system fails'; readonly fault: Fault; readonly where: 'state' | 'log' }
  | { readonly do: 'heal' }
  | { readonly do: 'clock'; readonly seconds: number }
  | {
      readonly do: 'damage';
      readonly file: (typeof storeFiles)[number];
      readonly how: (typeof damages)[number];
      readonly at: number;
      readonly clean: boolean;
    };

/** SQLite: FULL, IOERR, IOERR_FSYNC, IOERR_WRITE, BUSY, LOCKED, READONLY, CANTOPEN, PROTOCOL. CORRUPT comes by damage. */
const codes = [13, 10, 1034, 778, 5, 6, 8, 14, 15];
/** An hour as daylight saving moves it, a suspended night, a month, a clock that was reset to the epoch of a board. */
const jumps = [-3600, 3600, 8 * 3600, -86_400, 30 * 86_400, -400 * 86_400, 400 * 86_400];

const upTo = (most: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: most });
const one = <const T>(from: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...from);

const systemFailsIn = (where: 'state' | 'log', calls: readonly Operation[]): fc.Arbitrary<Step> =>
  fc
    .record({
      of: fc.uniqueArray(one(calls), { minLength: 1, maxLength: 3 }),
      // Rotated files that may not be read are passed over, and that is told.
      error: one(errors.filter((error) => where === 'state' || error !== 'EACCES')),
      after: upTo(6),
      times: fc.oneof(upTo(3), fc.constant(1_000_000)),
    })
    .map((fault) => ({ do: 'system fails', fault, where }));

const steps: readonly { readonly weight: number; readonly arbitrary: fc.Arbitrary<Step> }[] = [
  { weight: 12, arbitrary: fc.record({ do: fc.constant('write' as const), lines: fc.integer({ min: 1, max: 30 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('write' as const), lines: fc.integer({ min: 200, max: 600 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('half' as const), bytes: fc.integer({ min: 1, max: 150 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('garbage' as const), what: one(garbage) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('rotate' as const), how: one(rotations), again: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ do: 'truncate' }) },
  { weight: 1, arbitrary: fc.constant({ do: 'remove' }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), kept: upTo(3) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'folder for log' }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('wait' as const), turns: upTo(12) }) },
  { weight: 2, arbitrary: fc.constant({ do: 'settle' }) },
  { weight: 2, arbitrary: fc.constant({ do: 'restart' }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('crash' as const), statements: upTo(60) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('statement fails' as const),
      code: one(codes),
      after: upTo(80),
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('full' as const), pages: upTo(4) }) },
  { weight: 3, arbitrary: systemFailsIn('state', ['write', 'sync', 'open', 'read', 'truncate', 'rename', 'mkdir']) },
  { weight: 3, arbitrary: systemFailsIn('log', ['open', 'read', 'watch']) },
  { weight: 3, arbitrary: fc.constant({ do: 'heal' }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('clock' as const), seconds: one(jumps) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('damage' as const),
      file: one(storeFiles),
      how: one(damages),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      clean: fc.boolean(),
    }),
  },
];

/** What happens, in its order. */
export const schedules: fc.Arbitrary<readonly Step[]> = fc.array(fc.oneof(...steps), { minLength: 3, maxLength: 24 });
