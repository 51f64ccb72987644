import fc from 'fast-check';
import { expect, it } from 'vitest';

import { claimsOf } from '../../src-main/fleet/supervisor/claims.ts';

interface World {
  readonly owners: (string | null)[];
  readonly workers: { readonly id: string; readonly draining: boolean }[];
}

const world = fc
  .record({
    partitions: fc.integer({ min: 1, max: 40 }),
    workers: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 5 }),
    draining: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 4 }),
    before: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'gone', null), { minLength: 40, maxLength: 40 }),
  })
  .filter(({ workers, draining }) => workers.some((id) => !draining.includes(id)))
  .map(({ partitions, workers, draining, before }): World => ({
    owners: before.slice(0, partitions),
    workers: workers.map((id) => ({ id, draining: draining.includes(id) })),
  }));

/** One worker acts on what it has seen: claims by comparing, as the server does. */
function act({ owners, workers }: World, me: string, seen: readonly (string | null)[]): void {
  const { claim, release } = claimsOf(
    workers,
    seen.map((owner) => ({ owner })),
    me,
  );
  for (const p of claim) if (owners[p] === seen[p]) owners[p] = me;
  for (const p of release) if (owners[p] === me) owners[p] = null;
}

const counts = ({ owners, workers }: World): number[] =>
  workers.filter(({ draining }) => !draining).map(({ id }) => owners.filter((owner) => owner === id).length);

it('claims only what is free and gives away only what is its own', () => {
  fc.assert(
    fc.property(world, ({ owners, workers }) => {
      const alive = workers.map(({ id }) => id);
      for (const me of alive) {
        const { claim, release } = claimsOf(
          workers,
          owners.map((owner) => ({ owner })),
          me,
        );
        for (const p of claim) expect(owners[p] === null || !alive.includes(owners[p]!)).toBe(true);
        for (const p of release) expect(owners[p]).toBe(me);
        expect(new Set(claim).size).toBe(claim.length);
      }
    }),
    { numRuns: 500 },
  );
});

it('settles with fair shares, whoever acts when and on how old a view, and then moves nothing', () => {
  fc.assert(
    fc.property(world, fc.array(fc.nat(), { minLength: 20, maxLength: 60 }), (start, turns) => {
      const state = { ...start, owners: [...start.owners] };
      let old = [...state.owners];
      for (const turn of turns) {
        const { id } = state.workers[turn % state.workers.length]!;
        // Every third acts on what was true before.
        const seen = turn % 3 === 0 ? old : [...state.owners];
        old = [...state.owners];
        act(state, id, seen);
      }
      for (let round = 0; round < 3 * state.owners.length; round++)
        for (const { id } of state.workers) act(state, id, [...state.owners]);
      const shares = counts(state);
      expect(state.owners.every((owner) => state.workers.some(({ id, draining }) => id === owner && !draining))).toBe(
        true,
      );
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      const settled = [...state.owners];
      for (const { id } of state.workers) act(state, id, [...state.owners]);
      expect(state.owners).toEqual(settled);
    }),
    { numRuns: 500 },
  );
});
