import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..', 'src-main');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

/** A text between quotes as what a question failed with: the page could not say it in German. */
const BARE = /new AskFailed\(\s*'[\w-]+',\s*['"`]|code: 'worker-down', message: ['"`]/;

it('why a question has no answer is a message of the tables, in both languages', () => {
  expect(BARE.test("throw new AskFailed('refused', `No ${it}.`)")).toBe(true);
  expect(files.filter((name) => BARE.test(readFileSync(join(root, name), 'utf8')))).toEqual([]);
  expect(files.length).toBeGreaterThan(300);
});
