import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { gapsIn } from '../../src-main/engine/gaps.ts';
import type { Store } from '../../src-main/engine/store/store.ts';
import { SLOT, usualHours } from '../../src-main/engine/narrative/usual-hours.ts';
import { widthFor } from '../../src-main/worker/views/timeline.ts';
import { incident, line, newStore, NOW } from '../engine/store/store-at.ts';
import { openSession } from './session-at.ts';

const DAY = 86_400;
const kinds = ['process_start', 'net_out', 'heartbeat', 'usb'];
/** Seconds before NOW, a kind, a z where it was judged. */
const rows = fc.array(
  fc.record({
    ago: fc.integer({ min: 0, max: 40 * DAY }),
    kind: fc.constantFrom(...kinds),
    user: fc.constantFrom('alice', 'bob'),
    // A database has no −0.
    z: fc.option(
      fc.double({ min: -3, max: 8, noNaN: true }).map((z) => z + 0),
      { nil: null },
    ),
    ofIncident: fc.boolean(),
  }),
  { maxLength: 120 },
);
type Row = typeof rows extends fc.Arbitrary<(infer R)[]> ? R : never;

/** Stores the rows and an incident that some belong to. @returns the incident of each user */
function store(open: Store, all: readonly Row[]): Map<string, number> {
  const incidents = new Map<string, number>();
  open.transaction(() => {
    all.forEach(({ ago, kind, user, z, ofIncident }, at) => {
      const subject = open.subjects.ensure(user, NOW - ago);
      const [id] = open.actions.append([line(subject, at + 1, { time: NOW - ago, query: kind })]);
      if (z === null) return;
      if (ofIncident && !incidents.has(user)) incidents.set(user, open.incidents.open(incident(subject, id!, id!)));
      const incidentId = ofIncident ? incidents.get(user)! : null;
      open.scores.add({
        actionId: id!,
        score: z,
        window: z,
        lstm: null,
        ocsvm: null,
        incidentId,
        anomalous: false,
        versionId: null,
      });
    });
  });
  return incidents;
}

it('counts what a look at every row would', async () => {
  await fc.assert(
    fc.asyncProperty(
      rows,
      fc.integer({ min: 0, max: 40 * DAY }),
      fc.integer({ min: 1, max: 40 * DAY }),
      fc.integer({ min: 2, max: 2000 }),
      async (all, ago, length, buckets) => {
        const { session, calls } = await openSession();
        const incidents = store(session.opened.store, all);
        const [from, to] = [NOW - ago, NOW - ago + length];
        const own = all.filter(({ user, ago: of }) => user === 'alice' && NOW - of >= from && NOW - of < to);
        if (!all.some(({ user }) => user === 'alice')) return;
        const series = await calls.series({ user: 'alice', from, to, buckets });
        const { start, bucketSeconds } = series;
        const bucketOf = ({ ago: of }: Row): number => Math.floor((NOW - of - start) / bucketSeconds);
        expect(start).toBeLessThanOrEqual(from);
        expect(series.lanes.reduce((sum, { total }) => sum + total, 0)).toBe(own.length);
        for (const { kind, total, marks } of series.lanes) {
          const lane = own.filter((row) => row.kind === kind);
          expect(total).toBe(lane.length);
          const naive = [...new Set(lane.map(bucketOf))].sort((a, b) => a - b);
          expect(marks.map(({ bucket }) => bucket)).toEqual(naive);
          for (const { bucket, count, first, last } of marks) {
            const times = lane.filter((row) => bucketOf(row) === bucket).map(({ ago: of }) => NOW - of);
            expect([count, first, last]).toEqual([times.length, Math.min(...times), Math.max(...times)]);
          }
        }
        const judged = own.filter(({ z }) => z !== null);
        expect(series.scores.map(({ bucket }) => bucket)).toEqual(
          [...new Set(judged.map(bucketOf))].sort((a, b) => a - b),
        );
        for (const { bucket, peak, judged: count, incident: of } of series.scores) {
          const here = judged.filter((row) => bucketOf(row) === bucket);
          expect([peak, count]).toEqual([Math.max(...here.map(({ z }) => z!)), here.length]);
          expect(of).toBe(here.some(({ ofIncident }) => ofIncident) ? incidents.get('alice') : null);
        }
        const some = await calls.series({ user: 'alice', from, to, buckets, kinds: ['usb'] });
        expect(some.lanes).toEqual(series.lanes.filter(({ kind }) => kind === 'usb'));
        await session.close();
      },
    ),
    { numRuns: 40 },
  );
});

it('never gives more buckets than were asked for, nor buckets that move with the chart', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 31 }),
      fc.integer({ min: 1, max: 3 * 365 * DAY }),
      fc.integer({ min: 2, max: 2000 }),
      (from, length, buckets) => {
        const width = widthFor(from, from + length, buckets);
        const start = Math.floor(from / width) * width;
        expect(Math.ceil((from + length - start) / width)).toBeLessThanOrEqual(buckets);
        expect(start % width).toBe(0);
      },
    ),
  );
});

it('finds the gaps that a look at all times would, and none before the first line', () => {
  fc.assert(
    fc.property(
      rows,
      fc.integer({ min: -DAY, max: 41 * DAY }),
      fc.integer({ min: 1, max: 40 * DAY }),
      (all, ago, length) => {
        const open = newStore();
        store(open, all);
        const [from, to] = [NOW - ago, NOW - ago + length];
        const now = NOW + 2 * DAY;
        const found = gapsIn(open, from, to, now);
        const heartbeat = all.some(({ kind }) => kind === 'heartbeat');
        expect(found).toMatchObject({ heartbeat, gapSeconds: heartbeat ? 900 : 21_600 });
        const times = all.map(({ ago: of }) => NOW - of).sort((a, b) => a - b);
        const naive = times.flatMap((time, t) => {
          const next = times[t + 1];
          if ((next ?? now) - time <= found.gapSeconds || time >= to || (next ?? Infinity) <= from) return [];
          return [{ from: time, to: next ?? null }];
        });
        expect(found.gaps).toEqual(naive);
        open.close();
      },
    ),
    { numRuns: 60 },
  );
});

it('tells the usual hours as the shortest run that holds nine tenths', () => {
  const slotAt = (day: number, hour: number, count: number) => ({
    slot: new Date(2026, 10, 2 + day, hour).getTime() / 1000 / SLOT,
    count,
  });
  const work = [0, 1, 2, 3, 4].flatMap((day) =>
    [8, 9, 10, 11, 12, 13, 14, 15, 16, 17].map((hour) => slotAt(day, hour, 10)),
  );
  const late = [slotAt(2, 3, 20)];
  const { band, share, days, actions } = usualHours([...work, ...late]);
  expect(band).toEqual({ from: 8, to: 18, holds: 500 / 520 });
  expect([days, actions]).toEqual([5, 520]);
  expect(share[2]![3]).toBeCloseTo(20 / 520);
  expect(share.flat().reduce((sum, one) => sum + one, 0)).toBeCloseTo(1);
  const night = usualHours([0, 1, 2, 3].flatMap((day) => [22, 23, 0, 1].map((hour) => slotAt(day, hour, 5))));
  expect(night.band).toEqual({ from: 22, to: 2, holds: 1 });
  expect(usualHours(work.slice(0, 20)).band, 'two days are no habit').toBeNull();
  expect(usualHours([])).toMatchObject({ actions: 0, days: 0, band: null });
});
