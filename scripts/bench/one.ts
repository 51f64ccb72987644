/**
 * Runs one bench in a process of its own, so that the peak of memory is that bench's alone, and sends the parent its result.
 * Started by scripts/bench.ts with the file of the bench.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Bench, FEWEST_RUNS } from './bench.ts';
import type { Result } from './results.ts';

const [file = ''] = process.argv.slice(2);
const { default: bench } = (await import(pathToFileURL(file).href)) as { readonly default: Bench };
const rows = await bench.run();
for (const { what, samples } of rows) {
  if (samples.length < FEWEST_RUNS) {
    throw new Error(`${file}: "${what}" has ${samples.length} runs; a median needs at least ${FEWEST_RUNS}.`);
  }
}
process.send?.({ name: bench.name, peakMemoryMB: peakMemoryMB(), rows } satisfies Result);

/** The most memory that this process ever held, in MB; Linux counts it, elsewhere it is what is held now. */
function peakMemoryMB(): number {
  if (process.platform !== 'linux') return process.memoryUsage.rss() / 1e6;
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  if (kibibytes === undefined) throw new Error('/proc/self/status has no VmHWM line');
  return (Number(kibibytes) * 1024) / 1e6;
}
