/**
 * `npm run fuzz -- --seconds N --target T --seed S`: coverage-guided fuzzing. Inputs that reach something new join the
 * corpus of test/fixtures/fuzz/ with `--keep`; the unit tests replay it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

import { numberOf, readOptions } from '../../scripts/options.ts';
import type { Order, Report } from './run.ts';
import { targets } from './targets.ts';

const USAGE = `npm run fuzz -- [option…]

  --seconds N   in all, shared by the targets (60)
  --target T    only this one; may be given again
  --seed S      repeats a run; without it another one each time
  --inputs N    of each target at most
  --keep        keeps small inputs that reached something new in test/fixtures/fuzz/

Targets: ${Object.keys(targets).join(', ')}.`;

const options = readOptions(USAGE, () => {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      target: { type: 'string', multiple: true, default: Object.keys(targets) },
      seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
      inputs: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  return {
    chosen: values.target,
    keep: values.keep,
    seconds: numberOf('seconds', values.seconds) / values.target.length,
    seed: numberOf('seed', values.seed),
    inputs: values.inputs === undefined ? Infinity : numberOf('inputs', values.inputs),
  };
});
const { chosen, seconds, seed } = options;
const unknown = chosen.filter((name) => !Object.hasOwn(targets, name));
if (unknown.length > 0) {
  console.error(`There is no target "${unknown.join('", "')}"; there are: ${Object.keys(targets).join(', ')}.`);
  process.exit(2);
}
const fixtures = join(import.meta.dirname, '..', 'fixtures', 'fuzz');
/** An input that takes longer hangs. */
const HANGS_MS = 20_000;
/** Kept of what was found: small ones, and not many. */
const [MOST_KEPT, MOST_KEPT_LENGTH] = [40, 400];

let [all, failures] = [0, 0];
for (const target of chosen) {
  const started = performance.now();
  const done = await fuzz(target);
  if (!done) continue;
  all += done.inputs;
  const rate = Math.round((1000 * done.inputs) / (performance.now() - started));
  console.log(
    `${target}: ${done.inputs} inputs, ${rate} a second, ${done.blocks} blocks reached, ${done.corpus.length} inputs in the corpus, slowest ${Math.round(done.slowestMs)} ms`,
  );
  if (options.keep) keep(target, done.corpus);
}
console.log(`seed ${seed}: ${all} inputs, ${failures} failures`);
process.exitCode = failures > 0 ? 1 : 0;

function fuzz(target: string): Promise<Extract<Report, { kind: 'done' }> | undefined> {
  const current = new SharedArrayBuffer(1_000_008);
  const order: Order = {
    target,
    seed,
    seconds,
    inputs: options.inputs,
    corpus: corpusOf(target),
    current,
  };
  const state = new Int32Array(current, 0, 2);
  const input = (): string => Buffer.from(new Uint8Array(current, 8, state[0])).toString();
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./run.ts', import.meta.url), { workerData: order });
    let [count, since] = [0, performance.now()];
    const watchdog = setInterval(() => {
      if (state[1] !== count) [count, since] = [state[1]!, performance.now()];
      else if (performance.now() - since > HANGS_MS && count > 0) {
        fail(target, input(), 'hangs');
        void worker.terminate();
      }
    }, 500);
    worker.on('message', (report: Report) => {
      if (report.kind === 'done') resolve(report);
      else fail(target, report.input, report.error);
    });
    worker.on('error', (error) => {
      fail(target, input(), String(error));
    });
    worker.on('exit', () => {
      clearInterval(watchdog);
      resolve(undefined);
    });
    worker.on('messageerror', reject);
  });
}

function fail(target: string, input: string, error: string): void {
  failures++;
  console.log(`FAILED ${target}: ${error}\n  input (${input.length}): ${JSON.stringify(input.slice(0, 400))}`);
}

function corpusOf(target: string): string[] {
  const folder = join(fixtures, target);
  return existsSync(folder) ? readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')) : [];
}

function keep(target: string, corpus: readonly string[]): void {
  const folder = join(fixtures, target);
  mkdirSync(folder, { recursive: true });
  const room = MOST_KEPT - readdirSync(folder).length;
  const small = corpus.filter(({ length }) => length <= MOST_KEPT_LENGTH);
  for (const input of small.slice(0, Math.max(0, room))) {
    const name = createHash('sha256').update(input).digest('hex').slice(0, 12);
    writeFileSync(join(folder, `${name}.txt`), input);
  }
}
