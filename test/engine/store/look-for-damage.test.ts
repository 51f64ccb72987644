/** Damage that opening did not find is found while the program goes on, and the log is read again. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { expect, it, vi } from 'vitest';

import { fusedEngine } from '../../../models/fused.ts';
import { Engine } from '../../../src-main/engine/engine.ts';
import type { EngineOptions } from '../../../src-main/engine/options.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import { DamageLook } from '../../../src-main/engine/store/look-for-damage.ts';
import { ingestLoop } from '../../../src-main/intake/ingest-loop.ts';
import { ordinary } from '../../models/ordinary.ts';
import { scratch } from '../../scratch.ts';
import { lineOf } from '../log-lines.ts';
import { fill, newFolder, NOW, opened } from './store-at.ts';

it('while nothing is written to the log: the store is put aside, that is told, and the log is read again', async () => {
  const folder = scratch();
  const [log, state] = [join(folder, 'results.log'), join(folder, 'state')];
  const options: EngineOptions = {
    state,
    pack: defaultPack(),
    algorithm: 'ocsvm',
    seed: 1,
    windowLength: 50,
    trainAfter: 100_000,
    sensitivity: { alertsPerDay: 1 },
    subject: 'alice',
    math: fusedEngine(),
    now: () => NOW,
  };
  writeFileSync(
    log,
    ordinary(40)
      .map((action) => `${lineOf(action)}\n`)
      .join(''),
  );
  const notices: string[] = [];
  const stop = new AbortController();
  let [stored, isSpoilt] = [0, false];
  await ingestLoop({
    log,
    startAt: 'beginning',
    signal: stop.signal,
    retryMs: 5,
    pollMs: 20,
    // On a busy machine the first look is over before the damage is done.
    look: { firstMs: 50, pauseMs: 1, askAgainMs: 50 },
    open: () => Engine.open({ ...options, now: () => (isSpoilt ? NOW + 2 * 86_400 : NOW) }),
    onNotice: (text) => notices.push(text),
    onStored: ({ store }) => {
      stored = store.subjects.byName('alice')?.stored ?? 0;
      if (stored < 40) return;
      if (isSpoilt) stop.abort();
      else {
        // A byte in the middle of a text, as no look at the pages finds it; and a day goes by.
        const database = new DatabaseSync(join(state, 'ubad.db'));
        database.exec("UPDATE actions SET vals = '[' WHERE id = 20");
        database.close();
        isSpoilt = true;
      }
    },
  });
  expect(notices.join('\n')).toMatch(/is damaged: a text in actions is no JSON any more[^]*put aside as .*corrupt-/);
  expect(stored).toBe(40);
});

it('looks once a day, in slices, and keeps when it did', () => {
  vi.useFakeTimers();
  try {
    const store = opened(newFolder(), { lookedAtAtOnce: 0 });
    fill(store, 'ann', [NOW]);
    let now = NOW + 90_000;
    const looks = vi.spyOn(store, 'look');
    const look = new DamageLook({ store, now: () => now, onDamage: (error) => void expect.unreachable(error.message) });
    vi.advanceTimersByTime(60_000);
    expect(looks).toHaveBeenCalledTimes(1);
    expect(store.state.soundAt()).toBe(now);
    now += 80_000;
    vi.advanceTimersByTime(3_600_000);
    expect(looks).toHaveBeenCalledTimes(1);
    now += 7200;
    vi.advanceTimersByTime(2 * 3_600_000);
    expect(looks).toHaveBeenCalledTimes(2);
    look.stop();
    now += 1e6;
    vi.advanceTimersByTime(1e9);
    expect(looks).toHaveBeenCalledTimes(2);
  } finally {
    vi.useRealTimers();
  }
});
