import fc from 'fast-check';

import { bands } from '../../src-main/contract/alerts.ts';
import type { ExportEvent } from '../../src-main/export/event.ts';

export const event = (changed: Partial<ExportEvent> = {}): ExportEvent => ({
  id: 'main/0007/12/3',
  alert: 'main/0007/12',
  change: 'opened',
  at: 1_800_000_000.5,
  user: 'anna@desk-1',
  host: 'desk-1',
  band: 'high',
  severity: 71.25,
  count: 4,
  firstTime: 1_799_999_000,
  lastTime: 1_799_999_900,
  act: 'connect',
  verdict: null,
  ...changed,
});

const time = fc.oneof(fc.double({ min: 0, max: 4e9, noNaN: true }), fc.constantFrom(-1, 1e12));

/** Events with whatever a log may call a user and a host. */
export const anyEvent: fc.Arbitrary<ExportEvent> = fc.record({
  id: fc.stringMatching(/^[a-z]{1,8}\/\d{4}\/\d{1,5}\/\d{1,5}$/),
  alert: fc.stringMatching(/^[a-z]{1,8}\/\d{4}\/\d{1,5}$/),
  change: fc.constantFrom('opened', 'extended', 'closed', 'answered'),
  at: time,
  user: fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  host: fc.string({ unit: 'binary', maxLength: 40 }),
  band: fc.constantFrom(...bands),
  severity: fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
  count: fc.nat(),
  firstTime: time,
  lastTime: time,
  act: fc.constantFrom('connect', 'login', 'other', 'of a newer version'),
  verdict: fc.constantFrom('normal', 'suspicious', null),
});
