/** `npm test`: everything that is checked, and one closing line that says how it went. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readOptions } from './options.ts';
import systemPackages from './system-packages.json' with { type: 'json' };
import { failuresOf, runLanes, timesOf } from './test/lanes.ts';
import { runSuite } from './test/run-suite.ts';
import { quickOf, suites } from './test/suites.ts';
import { ensureSystemPackages, noticeOf } from './test/system-packages.ts';
import { addUp, closingLine, exitCode } from './test/tally.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const USAGE = `npm test -- [--check] [suite…]

  --check   only what is quick: what \`npm run check\` does before each commit

Suites: ${suites.map(({ name }) => name).join(', ')}.`;

const { positionals, values } = readOptions(USAGE, () =>
  parseArgs({ allowPositionals: true, options: { check: { type: 'boolean', default: false } } }),
);
const unknown = positionals.filter((name) => !suites.some((suite) => suite.name === name));
const named = suites.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const chosen = values.check ? quickOf(named) : named;

const missing = ensureSystemPackages(systemPackages);
const runs = await runLanes(chosen, async (suite, beside) => {
  console.log(`── ${suite.name}…`);
  const run = await runSuite(suite, { root, beside });
  if (run.output !== '') console.log(run.output.trimEnd());
  const { result, seconds } = run;
  console.log(`${result.failed === 0 ? '✓' : '✗'} ${suite.name}: ${closingLine(result)} in ${seconds.toFixed(0)} s`);
  return run;
});

function list(title: string, lines: readonly string[]): void {
  if (lines.length > 0) console.log([`\n${title}`, ...lines].join('\n  '));
}

const wrong = unknown.map(
  (name) => `There is no suite "${name}"; there are: ${suites.map((suite) => suite.name).join(', ')}.`,
);
const problems = [...wrong, ...runs.flatMap(({ result }) => result.problems)];
console.log(`\nWhere the time went:\n${timesOf(runs, root)}`);
list('What failed:', failuresOf(runs, root));
list('What failed beside single tests:', problems);
if (missing.length > 0) console.log(`\n${noticeOf(missing)}`);
const sum = addUp([...runs.map(({ result }) => result), { passed: 0, failed: wrong.length, skipped: 0 }]);
console.log(`\n${closingLine(sum)}`);
process.exitCode = exitCode(sum);
