import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import * as v from 'valibot';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';

import type { Batch, Checkpoint } from '../../src-main/contract/batch.ts';
import { engineSettingsSchema } from '../../src-main/contract/settings.ts';
import { EngineSupervisor } from '../../src-main/host/engine-supervisor.ts';
import { ShownEngine } from '../../src-main/host/shown-engine.ts';
import type { Fork } from '../../src-main/host/worker-link.ts';
import { scratch } from '../scratch.ts';

const root = join(import.meta.dirname, '..', '..');
/** Lines of the example's third week. */
const LINES = 38_992;

// Two o'clock in the night, UTC: the example's last day was yesterday, and nothing of it is still to come.
const realNow = Date.now;
const ahead = (26 * 3_600_000 - (realNow() % 86_400_000)) % 86_400_000;
beforeAll(() => {
  vi.spyOn(Date, 'now').mockImplementation(() => realNow() + ahead);
});
afterAll(() => {
  vi.restoreAllMocks();
});

/** Workers that store at once what they are given, together; one ends when `kill` is called. */
class Workers {
  readonly asked: string[] = [];
  readonly lines: number[] = [];
  kill: () => void = () => undefined;
  #checkpoint: Checkpoint | null = null;

  readonly fork: Fork = (heard, ended) => {
    this.kill = () => {
      ended('SIGKILL');
    };
    return {
      post: ({ id, name, input }) => {
        this.asked.push(name);
        if (name === 'ingest') {
          const { lines, checkpoint } = input as Batch;
          this.lines.push(...lines.map(({ number }) => number));
          this.#checkpoint = checkpoint;
        }
        const value =
          name === 'checkpoint' ? this.#checkpoint : name === 'ingest' ? { stored: true, checkpoint: null } : null;
        setImmediate(() => {
          heard({ id, answer: { ok: true, value } });
        });
      },
      kill: () => {
        ended('SIGTERM');
      },
    };
  };
}

function example(): { readonly shown: ShownEngine; readonly workers: Workers; readonly phases: string[] } {
  const workers = new Workers();
  const phases: string[] = [];
  const state = scratch();
  const nothing = (): void => undefined;
  const program = { as: 'browser', version: '1.2.3' } as const;
  const live = new EngineSupervisor({
    fork: new Workers().fork,
    settings: () => v.parse(engineSettingsSchema, {}),
    log: () => join(state, 'none.log'),
    program,
    changed: nothing,
    onEvent: nothing,
    notice: nothing,
  });
  const shown: ShownEngine = new ShownEngine({
    root,
    program,
    fork: workers.fork,
    live,
    state: () => state,
    onEvent: nothing,
    changed: () => {
      const phase = shown.example?.phase ?? 'live';
      if (phase !== phases.at(-1)) phases.push(phase);
    },
  });
  onTestFinished(async () => {
    await shown.goLive();
    expect(readdirSync(state), 'nothing is left, nor comes after its end').toEqual([]);
  });
  return { shown, workers, phases };
}

it('prepares, gives the third week once, line by line, and stays when that is over', async () => {
  const { shown, workers, phases } = example();
  shown.startExample(0.01);
  await expect.poll(() => shown.example?.phase, { timeout: 20_000 }).toBe('over');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(workers.lines).toEqual(Array.from({ length: LINES }, (_, n) => n + 1));
  expect(workers.asked.filter((name) => name === 'prepareExample')).toHaveLength(1);
  expect(workers.asked.indexOf('prepareExample')).toBeLessThan(workers.asked.indexOf('ingest'));
  await shown.goLive();
  expect(phases).toEqual(['preparing', 'running', 'over', 'live']);
});

it('goes on where it was when its worker dies', async () => {
  const { shown, workers } = example();
  shown.startExample(0.01);
  await expect.poll(() => workers.lines.length, { timeout: 20_000, interval: 5 }).toBeGreaterThan(1000);
  workers.kill();
  await expect.poll(() => shown.example?.phase, { timeout: 20_000 }).toBe('over');
  expect(workers.asked.filter((name) => name === 'prepareExample')).toHaveLength(2);
  expect([...new Set(workers.lines)]).toHaveLength(LINES);
  expect(workers.lines).toHaveLength(LINES);
});

it('takes its time: of a week in three minutes, hardly anything has happened at once', async () => {
  const { shown, workers } = example();
  shown.startExample(3);
  await expect.poll(() => workers.lines.length, { timeout: 20_000 }).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(workers.lines.length).toBeLessThan(LINES / 10);
  const before = workers.asked.length;
  await shown.goLive();
  expect(workers.asked.slice(before)).toEqual(['close']);
  expect(shown.example).toBeNull();
});
