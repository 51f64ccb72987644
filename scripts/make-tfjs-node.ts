/**
 * `npm run tfjs-node`: builds @tensorflow/tfjs-node where its own download of TensorFlow's library cannot be had or fits no such
 * Node: its sources from npm, the library and its headers from PyPI's tensorflow-cpu. Needs g++, and Python's pip or --tensorflow.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import packageJson from '../package.json' with { type: 'json' };
import { readOptions } from './options.ts';

const NAME = '@tensorflow/tfjs-node';
/** What the binding was built against and tested with. */
const TENSORFLOW = 'tensorflow-cpu==2.21.0';
const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
/** The newest N-API that this version of the package asks for. */
const NAPI = 8;

const USAGE = `npm run tfjs-node -- [option…]

  --out FOLDER         what UBAD_TFJS_BINDING is to name (.cache/tfjs-node)
  --tensorflow FOLDER  the folder of Python's tensorflow package; without it ${TENSORFLOW} comes from PyPI (300 MB)`;

const { values } = readOptions(USAGE, () =>
  parseArgs({ options: { out: { type: 'string', default: '.cache/tfjs-node' }, tensorflow: { type: 'string' } } }),
);
const out = resolve(values.out);

try {
  make();
} catch (error) {
  // A program that failed has said itself why.
  console.error(`tfjs-node was not built: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  process.exitCode = 1;
}

function make(): void {
  mkdirSync(out, { recursive: true });
  const tensorFlow = values.tensorflow === undefined ? download() : resolve(values.tensorflow);
  const missing = LIBRARIES.filter((file) => !existsSync(join(tensorFlow, file)));
  if (missing.length > 0) throw new Error(`${tensorFlow} has no ${missing.join(' and no ')}`);
  writeFileSync(join(out, 'package.json'), '{ "private": true }\n');
  const version = packageJson.optionalDependencies[NAME];
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', out, `${NAME}@${version}`]);
  compile(tensorFlow);
  const program = JSON.stringify(join(import.meta.dirname, '../src-main/math/tensorflow-node.ts'));
  const check = `import { loadBuilt, requireTensorFlowNode } from ${program};
    const tf = requireTensorFlowNode(() => loadBuilt(${JSON.stringify(out)})); await tf.ready(); console.log('It loads: backend ' + tf.getBackend());`;
  run(process.execPath, ['--input-type=module-typescript', '--eval', check]);
  console.log(`Now: export UBAD_TFJS_BINDING=${out}`);
}

/** @returns the folder of the package's files, below `out` */
function download(): string {
  const folder = join(out, 'tensorflow');
  if (existsSync(join(folder, LIBRARIES[0]!))) return folder;
  const wheels = join(out, 'wheels');
  run('python3', ['-m', 'pip', 'download', '--no-deps', '--dest', wheels, TENSORFLOW]);
  const wheel = readdirSync(wheels).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error(`pip left no wheel in ${wheels}`);
  run('python3', ['-m', 'zipfile', '--extract', join(wheels, wheel), out]);
  rmSync(wheels, { recursive: true });
  return folder;
}

/** The package's binding uses N-API alone, so that Node's headers and one call of the compiler do what node-gyp would. */
function compile(tensorFlow: string): void {
  const sources = join(out, 'node_modules', NAME, 'binding');
  const into = join(out, 'node_modules', NAME, 'lib', `napi-v${NAPI}`);
  mkdirSync(into, { recursive: true });
  const headers = [join(dirname(dirname(process.execPath)), 'include', 'node'), join(tensorFlow, 'include')];
  run(process.env.CXX ?? 'g++', [
    ...['-O2', '-fPIC', '-shared', '-std=c++17', `-DNAPI_VERSION=${NAPI}`, '-DNODE_GYP_MODULE_NAME=tfjs_binding'],
    ...[dirname(sources), ...headers].flatMap((folder) => ['-I', folder]),
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(sources, file)),
    ...['-L', tensorFlow, ...LIBRARIES.map((file) => `-l:${file}`), `-Wl,-rpath,${tensorFlow}`],
    ...['-o', join(into, 'tfjs_binding.node')],
  ]);
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { stdio: 'inherit' });
}
