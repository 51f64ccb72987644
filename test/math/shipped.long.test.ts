/** What a package ships of the optional engines: the built program finds them where no node_modules is. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { describe, expect, it } from 'vitest';

import { isBuildFresh } from '../../scripts/bootstrap/build-stamp.mjs';
import { shippedPath } from '../../src-main/math/optional-package.ts';
import { lineOf } from '../engine/log-lines.ts';
import { ordinary } from '../models/ordinary.ts';
import { scratch } from '../scratch.ts';

const root = join(import.meta.dirname, '..', '..');

it('finds what lies beside the built program, out of the archive, and nothing in a checkout', () => {
  const folder = scratch();
  const beside = join(folder, 'app.asar.unpacked', 'out', 'engines');
  mkdirSync(beside, { recursive: true });
  writeFileSync(join(beside, 'libsvm-js.cjs'), '');
  const program = pathToFileURL(join(folder, 'app.asar', 'out', 'ubad.mjs')).href;
  expect(shippedPath('libsvm-js', program)).toBe(join(beside, 'libsvm-js.cjs'));
  expect(shippedPath('@tensorflow/tfjs', program)).toBeUndefined();
  expect(shippedPath('@tensorflow/tfjs-node', program)).toBeUndefined();
  expect(shippedPath('libsvm-js', import.meta.url)).toBeUndefined();
});

// npm test builds first.
describe.skipIf(!isBuildFresh(root) || !existsSync(join(root, 'out', 'engines')))('the built program, alone', () => {
  const folder = scratch();
  const log = join(folder, 'past.log');
  cpSync(join(root, 'out'), join(folder, 'out'), { recursive: true, filter: (path) => !path.endsWith('.map') });
  writeFileSync(
    log,
    ordinary(700)
      .map((action) => `${lineOf(action)}\n`)
      .join(''),
  );
  const ubad = (...words: string[]) =>
    spawnSync(
      process.execPath,
      [join(folder, 'out', 'ubad.mjs'), ...words, '--log', log, '--subject', 'alice', '--state', join(folder, 'state')],
      // With nobody's own tfjs-node, which would be taken before what ships.
      { encoding: 'utf8', cwd: folder, env: { ...process.env, UBAD_TFJS_BINDING: '' } },
    );

  it.each([
    ['ocsvm', 'libsvm-js', /^ubad: engine libsvm-js: libsvm-js, LSTM by WebAssembly \w+\n$/],
    ['lstm', 'tfjs', /^ubad: engine tfjs: TensorFlow\.js wasm\n$/],
  ])('%s: judges with %s what our own engine trained', (algorithm, engine, told) => {
    expect(ubad('train', '--algorithm', algorithm)).toMatchObject({ status: 0, stderr: '' });
    const windows = (...words: string[]): { stderr: string; values: number[] } => {
      const { status, stdout, stderr } = ubad('score', '--algorithm', algorithm, ...words);
      expect(status, stderr).toBe(0);
      const values = stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { window: number }).window);
      return { stderr, values };
    };
    const [own, theirs] = [windows(), windows('--engine', engine)];
    expect(theirs.stderr).toMatch(told);
    expect(own.values).toHaveLength(700);
    expect(Math.max(...own.values.map((value, v) => Math.abs(value - theirs.values[v]!)))).toBeLessThan(1e-3);
  });

  it('trains with libsvm-js', () => {
    expect(ubad('train', '--algorithm', 'ocsvm', '--engine', 'libsvm-js').status).toBe(0);
  });
});
