/**
 * Makes data/example/ with the simulator's defaults: what `ubad simulate` writes, in two parts. Run: npm run example
 * The parts are compressed by whatever zlib runs, so it is the unpacked bytes that repeat and that SHA256SUMS is of.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { labelText } from '../src-main/cli/simulate.ts';
import { attacks } from '../src-main/simulate/attacks/schedule.ts';
import { simulate } from '../src-main/simulate/simulate.ts';

const LEARNING_DAYS = 14;
const folder = join(import.meta.dirname, '..', 'data', 'example');
mkdirSync(folder, { recursive: true });

const days = simulate({
  users: 4,
  days: 21,
  start: Date.UTC(2026, 3, 20) / 1000,
  seed: 1,
  pack: 'modern',
  form: 'event',
  attacks: attacks.map(({ id }) => id),
});
const texts: string[] = [];
let step = days.next();
for (; !step.done; step = days.next()) texts.push(step.value.map(({ text }) => `${text}\n`).join(''));
const files = {
  'past.log': texts.slice(0, LEARNING_DAYS).join(''),
  'week.log': texts.slice(LEARNING_DAYS).join(''),
  'labels.jsonl': labelText(step.value),
};
const sums = { ...files, 'whole.log': texts.join('') };
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
for (const [name, text] of Object.entries(files)) {
  if (name.endsWith('.log')) writeFileSync(join(folder, `${name}.gz`), gzipSync(text, { level: 9 }));
  else writeFileSync(join(folder, name), text);
  console.log(`${name}: ${text.split('\n').length - 1} lines`);
}
const sumLines = Object.entries(sums).map(([name, text]) => `${sha256(text)}  ${name}\n`);
writeFileSync(join(folder, 'SHA256SUMS'), sumLines.join(''));
