/** tfjs-node as `npm run tfjs-node` builds it. The last suite needs one: UBAD_TFJS_BINDING names its folder. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import packageJson from '../../package.json' with { type: 'json' };
import { fusedEngine } from '../../models/fused.ts';
import { BATCH } from '../../models/lstm/batch.ts';
import { Lookup } from '../../models/lstm/lookup.ts';
import { Network } from '../../models/lstm/network.ts';
import type { MathEngine } from '../../models/math-engine.ts';
import { loadTensorFlow, loadTensorFlowPackage } from '../../src-main/math/tensorflow.ts';
import { builtFolder, loadBuilt } from '../../src-main/math/tensorflow-node.ts';
import { lineOf } from '../engine/log-lines.ts';
import { ordinary, people } from '../models/ordinary.ts';
import { scratch } from '../scratch.ts';

const wanted = packageJson.optionalDependencies['@tensorflow/tfjs-node'];

/** A folder with a double of the package. */
function doubled(version: string, program: string): string {
  const folder = scratch();
  const own = join(folder, 'node_modules', '@tensorflow', 'tfjs-node');
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'package.json'), JSON.stringify({ version, main: 'index.js' }));
  writeFileSync(join(own, 'index.js'), program);
  return folder;
}

describe('a folder that somebody named', () => {
  it.each([
    ['no folder at all', '/nonexistent', 'there is no @tensorflow/tfjs-node in it'],
    ['a path that depends on where one is', 'built', 'it must be the whole path'],
    ['another version', doubled('4.0.0', ''), `it has @tensorflow/tfjs-node 4.0.0, and ${wanted} is needed`],
    [
      'a library that is not there',
      doubled(wanted, `throw new Error('libtensorflow_cc.so.2: cannot open shared object file')`),
      'does not load (libtensorflow_cc.so.2: cannot open shared object file)',
    ],
    ['a binding that is none', doubled(wanted, `process.dlopen(module, __filename)`), 'does not load ('],
  ])('%s: says so, and what to do', (_, folder, why) => {
    expect(() => loadBuilt(folder)).toThrow(why);
    expect(() => loadBuilt(folder)).toThrow(/Build it again in a checkout \(npm run tfjs-node\), or unset/);
  });

  it('is not passed over for another backend', () => {
    const env = { ...process.env, UBAD_TFJS_BINDING: '/nonexistent' };
    const words = ['src-main/cli.ts', 'train', '--engine', 'tfjs', '--log', 'x', '--state', join(scratch(), 'state')];
    const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', env });
    expect(stderr).toContain('ubad: UBAD_TFJS_BINDING=/nonexistent: there is no @tensorflow/tfjs-node in it.');
    expect(stderr).not.toMatch(/ {4}at /);
    expect(status).toBe(1);
  });
});

const { past, later } = people(1200);
const lookup = Lookup.of(past);
const starts = Array.from({ length: BATCH }, (_, b) => 100 + b * 50);

function networkOn(math: MathEngine): Network {
  const network = new Network(math.kernels(), lookup.sizes);
  network.initialise(3);
  return network;
}

describe.skipIf(builtFolder() === undefined)('the real library (npm run tfjs-node, then UBAD_TFJS_BINDING)', () => {
  it('learns with dropout what our kernels, plain TypeScript and TensorFlow.js on WebAssembly learn', async () => {
    const lossesBy = (math: MathEngine): number[] => {
      const trainer = math.trainer(networkOn(math), lookup, 5);
      const steps = Array.from({ length: 8 }, () => trainer.step(past, starts, { steps: 8, peak: 6e-3, dropout: 0.3 }));
      trainer.end?.();
      return steps;
    };
    const native = lossesBy(await loadTensorFlow(['tensorflow']));
    for (const math of [fusedEngine(), fusedEngine('plain'), await loadTensorFlow(['wasm'])]) {
      lossesBy(math).forEach((loss, step) => {
        expect(Math.abs(loss - native[step]!), `${math.backend}, step ${step}`).toBeLessThan(2e-5 * loss);
      });
    }
  });

  it('reads a stream as our kernels do, and leaves no tensors behind', async () => {
    const tf = await loadTensorFlowPackage(['tensorflow']);
    const math = await loadTensorFlow(['tensorflow']);
    expect(math.backend).toBe('TensorFlow.js tensorflow');
    const [native, own] = [math, fusedEngine()].map((one) => one.stream(networkOn(one), lookup));
    native!.see(later[0]!);
    own!.see(later[0]!);
    const before = tf.memory().numTensors;
    for (const action of later.slice(1)) {
      const [theirs, ours] = [native!.see(action)!, own!.see(action)!];
      for (const head of ['type', 'recency', 'port', 'token'] as const)
        expect(Math.abs(theirs[head] - ours[head])).toBeLessThan(2e-5);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('trains by the command line, in its thread, says nothing but its name, and another engine goes on with the model', () => {
    const folder = scratch();
    const [log, state] = [join(folder, 'past.log'), join(folder, 'state')];
    writeFileSync(
      log,
      ordinary(800)
        .map((action) => `${lineOf(action)}\n`)
        .join(''),
    );
    // Few steps: how well it foresees is not what is asked here, and all of them take a minute and a half of processor time.
    mkdirSync(join(folder, 'ubad'));
    writeFileSync(join(folder, 'ubad', 'config.json'), JSON.stringify({ lstmEpochs: 10 }));
    const env = { ...process.env, XDG_CONFIG_HOME: folder };
    const ubad = (...words: string[]) =>
      spawnSync(process.execPath, ['src-main/cli.ts', ...words, '--log', log, '--subject', 'alice', '--state', state], {
        encoding: 'utf8',
        env,
      });
    const trained = ubad('train', '--engine', 'tfjs', '--algorithm', 'lstm');
    expect(trained).toMatchObject({ status: 0, stderr: 'ubad: engine tfjs: TensorFlow.js tensorflow\n' });
    const windows = (...words: string[]): number[] => {
      const { status, stdout } = ubad('score', ...words);
      expect(status).toBe(0);
      return stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { window: number }).window);
    };
    const [native, fused] = [windows('--engine', 'tfjs'), windows('--engine', 'fused')];
    expect(native).toHaveLength(800);
    expect(Math.max(...native.map((window, w) => Math.abs(window - fused[w]!)))).toBeLessThan(1e-3);
  });
});
