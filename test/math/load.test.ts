import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as util from 'node:util';

import { expect, it } from 'vitest';

import { mathEngines } from '../../models/math-engine.ts';
import { loadMathEngine } from '../../src-main/math/load.ts';
import { packagePath } from '../../src-main/math/optional-package.ts';
import { loadTensorFlow } from '../../src-main/math/tensorflow.ts';
import { requireTensorFlowNode } from '../../src-main/math/tensorflow-node.ts';
import { scratch } from '../scratch.ts';

it.each(mathEngines)('makes %s ready, which says what it computes with', async (name) => {
  const engine = await loadMathEngine(name);
  expect(engine.name).toBe(name);
  expect(engine.backend).toMatch(/WebAssembly|TypeScript|TensorFlow\.js (tensorflow|wasm|cpu)/);
});

it('leaves the process as it was when it loads libsvm-js', async () => {
  const { fetch } = globalThis;
  const before = process.listenerCount('unhandledRejection');
  await loadMathEngine('libsvm-js');
  expect(globalThis.fetch).toBe(fetch);
  expect(process.listenerCount('unhandledRejection')).toBe(before);
});

it('falls back to the backend that loads, and names all that do not', async () => {
  const { backend } = await loadTensorFlow(['tensorflow', 'cpu']);
  expect(backend).toMatch(/^TensorFlow\.js (tensorflow|cpu)$/);
  await expect(loadTensorFlow([])).rejects.toThrow('None of TensorFlow.js');
});

it('says what to install for an engine whose package is missing', () => {
  const missing = (): never => {
    throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
  };
  expect(() => packagePath('libsvm-js', 'libsvm-js', missing as never)).toThrow(
    'The engine libsvm-js needs a package that is not installed: npm install libsvm-js@0.2.1',
  );
});

it('gives tfjs-node, and nobody else, the functions of util that Node has dropped', () => {
  const folder = scratch();
  const dist = join(folder, 'node_modules', '@tensorflow', 'tfjs-node', 'dist');
  mkdirSync(dist, { recursive: true });
  writeFileSync(
    join(dist, 'index.js'),
    `const util = require('util');
     exports.answers = [util.isArray([]), util.isArray({}), util.isNullOrUndefined(null), util.isNullOrUndefined(0)];
     exports.inspect = util.inspect;`,
  );
  const own = createRequire(join(folder, 'x.js'));
  const { answers, inspect } = requireTensorFlowNode(() => own(join(dist, 'index.js')) as unknown) as {
    answers: boolean[];
    inspect: unknown;
  };
  expect(answers).toEqual([true, false, true, false]);
  expect(inspect).toBe(util.inspect);
  expect('isNullOrUndefined' in util).toBe(false);
});
