import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packAndUnpack } from '../app/package.ts';
import { repository } from '../session/desktop.ts';
import { faultsOf } from './check-package.ts';

let folder: string;
let app: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ubad-package-'));
  app = await packAndUnpack(repository, folder);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('the application as it ships has no fault that can be seen without running it', () => {
  expect(faultsOf(app)).toEqual([]);
});

it('ships what it needs and nothing of how it is made', () => {
  expect(readdirSync(app).sort()).toEqual(['LICENSE', 'build', 'conf', 'node_modules', 'out', 'package.json']);
  const packages = readdirSync(join(app, 'node_modules'));
  expect(packages).toContain('electron-store');
  expect(packages.filter((name) => /electron$|vite|typescript|tfjs/.test(name))).toEqual([]);
});
