/** `npm run bench -- [name…]`: runs the benches of test/bench/ one after another and keeps the figures in docs/benchmarks.json. */
import { fork } from 'node:child_process';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readOptions } from './options.ts';
import { type Benchmarks, figureOf, merge, type Result, table } from './bench/results.ts';

const YARDSTICK = 'yardstick';
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const book = join(root, 'docs', 'benchmarks.json');

const names = globSync('test/bench/*.bench.ts', { cwd: root })
  .map((file) => basename(file, '.bench.ts'))
  .sort();
const USAGE = `npm run bench -- [bench…]

Benches: ${names.join(', ')}.`;

const { positionals } = readOptions(USAGE, () => parseArgs({ allowPositionals: true }));
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no bench "${unknown.join('", "')}"; there are: ${names.join(', ')}.`);
  process.exit(2);
}
const chosen = names.filter((name) => name !== YARDSTICK && (positionals.length === 0 || positionals.includes(name)));

// The yardstick is measured again each time: a ratio to another day's machine would mean nothing.
const yardstick = await runOne(YARDSTICK);
const results = [yardstick];
for (const name of chosen) results.push(await runOne(name));

const measured = new Date().toISOString().slice(0, 10);
const newer: Benchmarks = Object.fromEntries(
  // What had nothing to measure here keeps the figures that it has.
  results
    .filter(({ rows }) => rows.length > 0)
    .map(({ name, peakMemoryMB, rows }) => {
      const figures = rows.map((row) => figureOf(row, yardstick.rows[0]));
      return [name, { measured, machine: machine(), peakMemoryMB: Math.round(peakMemoryMB), figures }];
    }),
);
console.log(table(newer));
const older = existsSync(book) ? (JSON.parse(readFileSync(book, 'utf8')) as Benchmarks) : {};
writeFileSync(book, `${JSON.stringify(merge(older, newer), null, 2)}\n`);

/** @throws Error when the bench fails */
function runOne(name: string): Promise<Result> {
  console.error(`Measuring ${name}…`);
  return new Promise((resolve, reject) => {
    const child = fork(join(root, 'scripts', 'bench', 'one.ts'), [join(root, 'test', 'bench', `${name}.bench.ts`)]);
    let result: Result | undefined;
    child.on('message', (message) => (result = message as Result));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0 && result?.name === name) resolve(result);
      else reject(new Error(`The bench "${name}" ended (exit code ${code}) without a result of that name.`));
    });
  });
}

function machine(): string {
  return `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.versions.node}`;
}
