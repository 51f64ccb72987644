/** `npm test`: everything that is checked, and one closing line that says how it went. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readOptions } from './options.ts';
import systemPackages from './system-packages.json' with { type: 'json' };
import { runSuite } from './test/run-suite.ts';
import { suites } from './test/suites.ts';
import { ensureSystemPackages, noticeOf } from './test/system-packages.ts';
import { addUp, closingLine, exitCode, type SuiteResult } from './test/tally.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const USAGE = `npm test -- [suite…]

Suites: ${suites.map(({ name }) => name).join(', ')}.`;

const { positionals } = readOptions(USAGE, () => parseArgs({ allowPositionals: true }));
const unknown = positionals.filter((name) => !suites.some((suite) => suite.name === name));
const chosen = suites.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

const missing = ensureSystemPackages(systemPackages);
const results: SuiteResult[] = unknown.map((name) => ({
  passed: 0,
  failed: 1,
  skipped: 0,
  problems: [`There is no suite "${name}"; there are: ${suites.map((suite) => suite.name).join(', ')}.`],
}));
for (const suite of chosen) {
  console.log(`\n── ${suite.name}`);
  const result = await runSuite(suite, root);
  console.log(`${result.failed === 0 ? '✓' : '✗'} ${suite.name}: ${closingLine(result)}`);
  results.push(result);
}

const problems = results.flatMap((result) => result.problems);
if (problems.length > 0) console.log(['\nWhat failed beside single tests:', ...problems].join('\n  '));
if (missing.length > 0) console.log(`\n${noticeOf(missing)}`);
const sum = addUp(results);
console.log(`\n${closingLine(sum)}`);
process.exitCode = exitCode(sum);
