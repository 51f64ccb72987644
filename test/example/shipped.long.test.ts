import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { readModel } from '../../src-main/engine/models/read-model.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { parseLabels } from '../../src-main/example/labels.ts';
import { libsvmClass } from '../../src-main/math/libsvm.ts';
import { scratch } from '../scratch.ts';
import { simulated } from '../simulate/simulated.ts';

const data = join('data', 'example');
const shipped = join('models', 'shipped');
const users = ['alice', 'bob', 'carol', 'dave'];
const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
const sums = Object.fromEntries(
  readFileSync(join(data, 'SHA256SUMS'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('  ').reverse() as [string, string]),
);

describe('the example', () => {
  it('is what the simulator makes, to the byte; when it is not: npm run example, then npm run models', () => {
    const { lines, labels } = simulated({ days: 21 });
    expect(sha256(lines.map(({ text }) => `${text}\n`).join(''))).toBe(sums['whole.log']);
    expect(parseLabels(readFileSync(join(data, 'labels.jsonl'), 'utf8'))).toEqual(labels);
  });

  it.each(['past.log', 'week.log'])('%s is what its checksum says', (name) => {
    expect(sha256(gunzipSync(readFileSync(join(data, `${name}.gz`))))).toBe(sums[name]);
  });

  it('has attacks in its last week only, and is small', () => {
    const past =
      gunzipSync(readFileSync(join(data, 'past.log.gz')))
        .toString()
        .split('\n').length - 1;
    const labels = parseLabels(readFileSync(join(data, 'labels.jsonl'), 'utf8'));
    expect(Math.min(...labels.map((label) => label.from_line))).toBeGreaterThan(past);
    expect(statSync(join(data, 'past.log.gz')).size + statSync(join(data, 'week.log.gz')).size).toBeLessThan(3e6);
  });
});

it.each([
  ['{', /line 1 is not JSON/],
  ['{"id":"x"}', /line 1 is no label/],
  ['{"id":"x","user":"a","host":"h","lines":[[1]]}', /line 1 is no label/],
])('refuses %s as labels', (text, message) => {
  expect(() => parseLabels(text)).toThrow(message);
});

describe('the models that ship', () => {
  it('are one a user', () => {
    expect(readdirSync(shipped).filter((name) => !name.includes('.'))).toEqual(users);
  });

  it.each(users)('%s: is whole, and made for the pack as it is now; when it is not: npm run models', (user) => {
    const read = readModel(join(shipped, user), defaultPack());
    expect(read).toMatchObject({ ok: true, manifest: { subject: user, algorithm: 'both', seed: 1 } });
  });

  it.each(users)('%s: TensorFlow.js opens the LSTM, and it foresees with chances that sum to 1', async (user) => {
    await tf.setBackend('cpu');
    const { modelTopology, weightsManifest } = JSON.parse(
      readFileSync(join(shipped, user, 'model.json'), 'utf8'),
    ) as tf.io.ModelJSON;
    const bytes = new Uint8Array(readFileSync(join(shipped, user, 'weights.bin')));
    const from = { modelTopology, weightSpecs: weightsManifest[0]!.weights, weightData: bytes.buffer };
    const model = await tf.loadLayersModel(tf.io.fromMemory(from));
    const ones = model.inputNames.map(() => tf.tensor2d([[1, 2, 1]], [1, 3], 'int32'));
    for (const output of model.predict(ones) as tf.Tensor3D[]) {
      const sums = await output.sum(-1).data();
      for (const sum of sums) expect(sum).toBeCloseTo(1, 4);
    }
  });

  it.each(users)('%s: LIBSVM opens the One-Class SVM', async (user) => {
    const text = readFileSync(join(shipped, user, 'ocsvm.model'), 'utf8');
    const Class = (await libsvmClass()) as unknown as {
      load(text: string): { predictOne(sample: number[]): number; free(): void };
    };
    const svm = Class.load(text);
    // Nothing at all is like nobody: outside.
    expect(svm.predictOne([0])).toBe(-1);
    svm.free();
  });

  it('are made again to the bit', () => {
    const folder = scratch();
    const made = spawnSync(process.execPath, ['scripts/make-models.ts', folder, 'dave'], { encoding: 'utf8' });
    expect(made).toMatchObject({ status: 0, stderr: '' });
    const files = readdirSync(join(shipped, 'dave'));
    expect(readdirSync(join(folder, 'dave'))).toEqual(files);
    for (const file of files) {
      const [ours, again] = [shipped, folder].map((from) => sha256(readFileSync(join(from, 'dave', file))));
      expect([file, again]).toEqual([file, ours]);
    }
  });
});
