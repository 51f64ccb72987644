/** One target's fuzzing, in a thread of its own: a hang there is seen from outside. */
import { parentPort, workerData } from 'node:worker_threads';

import { random } from '../../models/random.ts';
import { Coverage } from './coverage.ts';
import { Mutator } from './mutate.ts';
import { mustBeUnpolluted, type Target } from './target.ts';
import { targets } from './targets.ts';

export interface Order {
  readonly target: string;
  readonly seed: number;
  readonly seconds: number;
  readonly inputs: number;
  readonly corpus: readonly string[];
  /** Where the input is left that is tried just now: its length, then its bytes. */
  readonly current: SharedArrayBuffer;
}

export type Report =
  | { readonly kind: 'failed'; readonly input: string; readonly error: string }
  | {
      readonly kind: 'done';
      readonly inputs: number;
      readonly blocks: number;
      readonly corpus: readonly string[];
      readonly slowestMs: number;
    };

/** This many inputs between two looks at what they reached: the more, the longer nothing new was. */
const [FEWEST, MOST] = [64, 16_384];
const MOST_INPUT = 200_000;
const SLOW_MS = 1000;

const { target: name, seed, seconds, inputs: most, corpus: given, current } = workerData as Order;
const target: Target = await targets[name]!();
const mutator = new Mutator(random(seed), target.words);
const coverage = new Coverage(target.reaches);
const corpus = [...target.seeds, ...given];
const length = new Int32Array(current, 0, 2);
const text = new Uint8Array(current, 8);
const encoder = new TextEncoder();
const failed = new Set<string>();
let [count, slowestMs] = [0, 0];

async function attempt(input: string): Promise<void> {
  count++;
  Atomics.add(length, 1, 1);
  length[0] = encoder.encodeInto(input, text).written;
  const start = performance.now();
  try {
    const result = target.check(input);
    if (result) await result;
    mustBeUnpolluted();
  } catch (error) {
    const why =
      error instanceof Error
        ? `${error.name}: ${error.message}\n${(error.stack ?? '').split('\n').slice(1, 5).join('\n')}`
        : String(error);
    const where = error instanceof Error ? (error.stack ?? '').split('\n').slice(1, 4).join() : '';
    if (!failed.has(where)) parentPort!.postMessage({ kind: 'failed', input, error: why } satisfies Report);
    failed.add(where);
  }
  const took = performance.now() - start;
  // A machine that had other things to do is not to blame: the fastest of three counts.
  const fastest = took < SLOW_MS ? took : Math.min(took, await timeOf(input), await timeOf(input));
  slowestMs = Math.max(slowestMs, fastest);
  if (fastest < SLOW_MS) return;
  parentPort!.postMessage({ kind: 'failed', input, error: `took ${Math.round(fastest)} ms` } satisfies Report);
}

async function timeOf(input: string): Promise<number> {
  const start = performance.now();
  try {
    await target.check(input);
  } catch {
    // Told already.
  }
  return performance.now() - start;
}

/** Runs inputs and keeps those that reach something new, found by halves. */
async function explore(batch: readonly string[]): Promise<boolean> {
  for (const input of batch) await attempt(input);
  const fresh = coverage.fresh();
  if (fresh.length === 0) return false;
  if (batch.length === 1) corpus.push(batch[0]!);
  else {
    const middle = batch.length >> 1;
    await explore(batch.slice(0, middle));
    await explore(batch.slice(middle));
  }
  // Also what only all of them together reach: it would be looked for again and again.
  coverage.know(fresh);
  return true;
}

for (const input of corpus) await attempt(input);
coverage.know(coverage.fresh());
[slowestMs, count] = [0, 0];
const end = performance.now() + seconds * 1000;
for (let size = FEWEST; performance.now() < end && count < most;) {
  const batch = Array.from({ length: size }, () => mutated());
  const isNew = await explore(batch);
  size = isNew ? FEWEST : Math.min(MOST, 2 * size);
}
const report: Report = {
  kind: 'done',
  inputs: count,
  blocks: coverage.size,
  corpus: corpus.slice(target.seeds.length),
  slowestMs,
};
parentPort!.postMessage(report);
coverage.close();
process.exit();

function mutated(): string {
  const parent = mutator.one(corpus);
  const end = parent.indexOf('\n');
  // A binary file of a model: its bytes, not its base64.
  if (name === 'models' && parent.slice(0, end).endsWith('.bin')) {
    const bytes = mutator.bytes(Buffer.from(parent.slice(end + 1), 'base64'));
    return parent.slice(0, end + 1) + Buffer.from(bytes).toString('base64');
  }
  if (end > 0 && (name === 'models' || name === 'contract'))
    return parent.slice(0, end + 1) + mutator.text([parent.slice(end + 1)]).slice(0, MOST_INPUT);
  return mutator.text(corpus).slice(0, MOST_INPUT);
}
