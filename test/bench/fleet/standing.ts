/** Loaded into a supervisor, not into its children: writes down for how long its event loop stood still at most, once it has started. */
import { readFileSync, writeFileSync } from 'node:fs';

const EVERY_MS = 5;
const BEGIN_MS = 5000;
/** Samples between two times that it is written down. */
const SAMPLES = 100;

/** Milliseconds for which this process's first thread could run and was given no core. */
const waited = (): number => Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]) / 1e6;

const file = process.env.UBAD_BENCH_STOOD;
if (file !== undefined && process.argv[1]?.endsWith('cli.ts')) {
  const most = { stood: 0, itself: 0 };
  let [samples, before, waitedBefore] = [0, Infinity, 0];
  const sample = (): void => {
    const wait = waited() - waitedBefore;
    const stood = performance.now() - before - EVERY_MS;
    most.stood = Math.max(most.stood, stood);
    most.itself = Math.max(most.itself, stood - wait);
    // Between two samples: what it takes is not counted.
    if (samples++ % SAMPLES === 0) writeFileSync(file, JSON.stringify(most));
    [before, waitedBefore] = [performance.now(), waited()];
  };
  setTimeout(() => setInterval(sample, EVERY_MS).unref(), BEGIN_MS).unref();
}
