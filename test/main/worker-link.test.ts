import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { WorkerState } from '../../src-main/contract/desktop.ts';
import { whenTrayHost } from '../../src-main/desktop/tray-host.ts';
import { backOff, WorkerLink, type WorkerProcess } from '../../src-main/host/worker-link.ts';
import type { FromWorker, ToWorker } from '../../src-main/worker/serve.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface Fake extends WorkerProcess {
  readonly heard: ToWorker[];
  readonly say: (message: FromWorker) => void;
  readonly end: (cause: string) => void;
}

function link(begin = () => Promise.resolve()): { link: WorkerLink; forked: Fake[]; states: WorkerState[] } {
  const forked: Fake[] = [];
  const states: WorkerState[] = [];
  const made = new WorkerLink({
    fork: (say, end) => {
      const heard: ToWorker[] = [];
      const fake = {
        heard,
        say,
        end,
        post: (message: ToWorker) => heard.push(message),
        kill: () => {
          end('killed');
        },
      };
      forked.push(fake);
      return fake;
    },
    begin,
    onEvent: () => undefined,
    onState: (state: WorkerState) => states.push(state),
  });
  return { link: made, forked, states };
}

const names = (states: readonly WorkerState[]): string => states.map(({ state }) => state).join(' ');

describe('the link to the worker', () => {
  it('waits longer each time, and half a minute at most', () => {
    expect([1, 2, 3, 4, 20].map(backOff)).toEqual([300, 600, 1200, 2400, 30_000]);
  });

  it('fails what a dead worker was asked, starts another one, and tells of it', async () => {
    const { link: made, forked, states } = link();
    made.start();
    await vi.advanceTimersByTimeAsync(0);
    const asked = made.send('status', null);
    forked[0]!.end('exit code 9');
    expect(await asked).toMatchObject({ ok: false, code: 'worker-down' });
    expect(await made.send('status', null)).toMatchObject({ ok: false, code: 'worker-down' });
    expect(states.at(-1)).toMatchObject({ state: 'down', cause: 'exit code 9' });
    await vi.advanceTimersByTimeAsync(299);
    expect(forked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(names(states)).toBe('starting up down starting up');
    const again = made.send('status', null);
    forked[1]!.say({ id: forked[1]!.heard[0]!.id, answer: { ok: true, value: 1 } });
    expect(await again).toEqual({ ok: true, value: 1 });
  });

  it('forgets failures of long ago', async () => {
    const { link: made, forked } = link();
    made.start();
    for (const wait of [300, 600, 1200]) {
      forked.at(-1)!.end('x');
      await vi.advanceTimersByTimeAsync(wait);
    }
    await vi.advanceTimersByTimeAsync(61_000);
    const before = forked.length;
    forked.at(-1)!.end('x');
    await vi.advanceTimersByTimeAsync(300);
    expect(forked.length).toBe(before + 1);
  });

  it('lets nobody ask before the worker is ready', async () => {
    let ready = (): void => undefined;
    const { link: made, forked } = link(() => new Promise<void>((resolve) => (ready = resolve)));
    made.start();
    expect(await made.send('status', null)).toMatchObject({ code: 'worker-down' });
    expect(forked[0]!.heard).toEqual([]);
    ready();
    await made.whenUp(new AbortController().signal);
    void made.send('status', null);
    expect(forked[0]!.heard).toMatchObject([{ name: 'status' }]);
  });

  it('stops a worker that finishes, kills one that does not in under two seconds, and starts none again', async () => {
    const { link: made, forked, states } = link();
    made.start();
    await vi.advanceTimersByTimeAsync(0);
    const stopped = made.stop();
    expect(forked[0]!.heard).toMatchObject([{ name: 'close' }]);
    await vi.advanceTimersByTimeAsync(1900);
    await stopped;
    await vi.advanceTimersByTimeAsync(60_000);
    expect([forked.length, names(states)]).toEqual([1, 'starting up stopped']);
  });

  it('lets go of those who wait for a worker when they are told to stop', async () => {
    const stop = new AbortController();
    const waited = link().link.whenUp(stop.signal);
    stop.abort();
    await expect(waited).resolves.toBeUndefined();
  });
});

describe('a tray host', () => {
  function looked(answers: readonly boolean[]): string[] {
    const told: string[] = [];
    let asked = 0;
    whenTrayHost({
      found: () => told.push(`found after ${asked}`),
      missing: () => told.push('missing'),
      ask: () => Promise.resolve(answers[Math.min(asked++, answers.length - 1)]!),
    });
    return told;
  }

  it('is waited for', async () => {
    const told = looked([false, false, true]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(told).toEqual(['found after 3']);
  });

  it('that does not come is told of once, after ten seconds; one that comes later is used', async () => {
    const told = looked([...Array.from({ length: 22 }, () => false), true]);
    await vi.advanceTimersByTimeAsync(9000);
    expect(told).toEqual([]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(told).toEqual(['missing']);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(told).toEqual(['missing', 'found after 23']);
  });
});
