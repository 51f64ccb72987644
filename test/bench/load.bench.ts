import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fusedEngine } from '../../models/fused.ts';
import type { Bench, Row } from '../../scripts/bench/bench.ts';
import { Engine } from '../../src-main/engine/engine.ts';
import type { EngineOptions } from '../../src-main/engine/options.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { prune, PRUNE_EVERY } from '../../src-main/engine/store/prune.ts';
import { ingestLoop } from '../../src-main/intake/ingest-loop.ts';
import { lineOf } from '../engine/log-lines.ts';
import { ordinary, stranger } from '../models/ordinary.ts';

/** Lines of the burst; UBAD_BURST makes it smaller, to try it out. */
const BURST = Number(process.env.UBAD_BURST ?? 1_000_000);
const DAY = 86_400;
/** Lines of a simulated day: one every 20 s. */
const A_DAY = 4320;
const DAYS = Number(process.env.UBAD_DAYS ?? 7);
const LEARNED = 1500;

const options = (state: string, changed: Partial<EngineOptions> = {}): EngineOptions => ({
  state,
  pack: defaultPack(),
  algorithm: 'ocsvm',
  seed: 1,
  windowLength: 50,
  trainAfter: LEARNED,
  sensitivity: { alertsPerDay: 1 },
  subject: 'alice',
  math: fusedEngine(),
  now: () => 1_800_000_000,
  ...changed,
});

const rssMB = (): number => process.memoryUsage.rss() / 1e6;

/** Least squares: by how much y grows with each step. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [with_, square] = [0, 0];
  values.forEach((value, x) => {
    with_ += (x - middle) * (value - mean);
    square += (x - middle) ** 2;
  });
  return with_ / square;
}

/** Follows a log until this many lines are stored. @returns what memory was held after every 20th of them, in MB */
async function absorb(log: string, engine: EngineOptions, lines: number, seen: (lines: number) => void): Promise<void> {
  const stop = new AbortController();
  let [stored, batches] = [0, 0];
  await ingestLoop({
    log,
    startAt: 'beginning',
    signal: stop.signal,
    onNotice: console.error,
    open: () => Engine.open(engine),
    onStored: (_, count) => {
      stored += count;
      seen(stored);
      if (stored >= lines) stop.abort();
    },
    tidy: ({ store }) => {
      if (++batches % PRUNE_EVERY === 0) prune(store, { keepDays: 3650, keepMegabytes: 2000 }, 1_800_000_000);
    },
  });
}

/** A million lines that are there at once, and then a stranger: how long until the alarm, and what memory meanwhile. */
async function burst(folder: string): Promise<Row[]> {
  const log = join(folder, 'burst.log');
  const habits = ordinary(20_000);
  writeFileSync(log, '');
  for (let at = 0; at < BURST; at += habits.length)
    appendFileSync(
      log,
      habits
        .slice(0, BURST - at)
        .map((action) => `${lineOf({ ...action, time: action.time + at })}\n`)
        .join(''),
    );
  const memory: number[] = [];
  const rates: number[] = [];
  const part = BURST / 20;
  let [next, before] = [part, performance.now()];
  // Not judged while it is far behind would be another program: stored and judged alike.
  await absorb(log, options(join(folder, 'burst'), { trainAfter: Infinity }), BURST, (stored) => {
    if (stored < next) return;
    memory.push(rssMB());
    rates.push((part * 1000) / (performance.now() - before));
    [next, before] = [next + part, performance.now()];
  });
  return [
    { what: `burst of ${BURST} lines, absorbed from the file`, unit: 'lines/s', samples: rates },
    { what: 'memory while it is absorbed', unit: 'MB', samples: memory },
    {
      what: 'its growth (least squares over the burst)',
      unit: 'MB a 100,000 lines',
      samples: Array(5).fill((slope(memory) * 100_000) / part) as number[],
    },
  ];
}

/** A simulated week with a model that learns on: latency of a batch and memory, day by day. */
async function week(folder: string): Promise<Row[]> {
  const lines = DAYS * A_DAY;
  const actions = ordinary(LEARNED + lines).map((action, i) => ({
    ...action,
    time: 1_750_000_000 + (i * DAY) / A_DAY,
  }));
  const opened = Engine.open(options(join(folder, 'week')));
  if (!opened.ok) throw new Error(opened.problem.message);
  const { engine } = opened;
  const latency: number[] = [];
  const memory: number[] = [];
  let slowest: number[] = [];
  for (let at = 0; at < actions.length; at += 10) {
    const texts = actions.slice(at, at + 10).map((action) => lineOf(action));
    const line = at + texts.length;
    const identity = { path: '/log', device: '1', inode: '2', fingerprint: 'f', fingerprintBytes: 1 };
    const start = performance.now();
    engine.ingest({
      lines: texts.map((text, i) => ({ number: at + i + 1, text })),
      refused: [],
      checkpoint: { ...identity, offset: line, line },
    });
    slowest.push(performance.now() - start);
    await engine.trainDue();
    if (at < LEARNED || (at - LEARNED) % A_DAY >= 10) continue;
    slowest.sort((a, b) => a - b);
    latency.push(slowest[Math.floor(slowest.length * 0.99)]!);
    memory.push(rssMB());
    slowest = [];
  }
  const before = engine.store.incidents.list().length;
  const alertAfter = strangerAt(engine, actions.length);
  engine.close();
  return [
    { what: 'a simulated week, 99th percentile of a batch of 10, day by day', unit: 'ms', samples: latency },
    { what: 'memory, day by day', unit: 'MB', samples: memory },
    {
      what: 'its slope over the second half',
      unit: 'MB a day',
      samples: Array(5).fill(slope(memory.slice(memory.length >> 1))) as number[],
    },
    {
      what: 'actions of a stranger until the alarm, after it',
      unit: 'actions',
      samples: Array(5).fill(alertAfter) as number[],
    },
    { what: 'alerts in the week', unit: 'alerts', samples: Array(5).fill(before) as number[] },
  ];
}

function strangerAt(engine: Engine, first: number): number {
  const known = engine.store.incidents.list({ state: 'open' }).length;
  const anomalous = stranger(200);
  for (const [i, action] of anomalous.entries()) {
    const identity = { path: '/log', device: '1', inode: '2', fingerprint: 'f', fingerprintBytes: 1 };
    const line = first + i + 1;
    const text = lineOf({ ...action, time: 1_750_000_000 + (line * DAY) / A_DAY });
    engine.ingest({ lines: [{ number: line, text }], refused: [], checkpoint: { ...identity, offset: line, line } });
    if (engine.store.incidents.list({ state: 'open' }).length > known) return i + 1;
  }
  return Infinity;
}

/** What is held when much comes at once, and when it comes for long. */
const bench: Bench = {
  name: 'load',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'ubad-load-'));
    try {
      return [...(await burst(folder)), ...(await week(folder))];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

export default bench;
