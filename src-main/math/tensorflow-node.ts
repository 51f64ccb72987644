import { readFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { isAbsolute, join } from 'node:path';

import packageJson from '../../package.json' with { type: 'json' };
import { requirePackage } from './optional-package.ts';

/** `util` as it was: with what it holds today behind it. */
const OLD_UTIL = `
  const util = process.getBuiltinModule('node:util');
  module.exports = Object.assign(Object.create(util), {
    isArray: Array.isArray,
    isNullOrUndefined: (value) => value === null || value === undefined,
  });
`;
const OLD_UTIL_URL = 'ubad:old-util';

const NAME = '@tensorflow/tfjs-node';
/** Names the folder in which `npm run tfjs-node` built the package. */
const VARIABLE = 'UBAD_TFJS_BINDING';

/**
 * That folder; undefined where nobody named one. A packed Electron loads no native code that a variable names
 * (docs/decisions/one-binary-two-programs.md).
 */
export const builtFolder = (): string | undefined =>
  'electron' in process.versions || process.env[VARIABLE] === '' ? undefined : process.env[VARIABLE];

/**
 * Loads tfjs-node, which registers its backend `tensorflow`. Version 4.22 calls two functions of `util` that later Nodes
 * have dropped: it alone is given a `util` that still has them, everybody else's stays as Node made it.
 * @returns the TensorFlow.js that the backend belongs to
 * @throws MissingPackage when it is not installed, BrokenBinding when a folder is named and nothing loads from it, else what
 * it throws when its native library does not load
 */
export function requireTensorFlowNode(load = loadNamed): unknown {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'util' && context.parentURL?.includes('/@tensorflow/tfjs-node/dist/')
        ? { url: OLD_UTIL_URL, format: 'commonjs', shortCircuit: true }
        : next(specifier, context),
    load: (url, context, next) =>
      url === OLD_UTIL_URL ? { format: 'commonjs', source: OLD_UTIL, shortCircuit: true } : next(url, context),
  });
  // Its library reads these when it is loaded: results that repeat, and nothing said of the processor.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '0';
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  try {
    return load();
  } finally {
    hooks.deregister();
  }
}

/** Somebody named a folder: that is used, or the error told. */
export class BrokenBinding extends Error {
  override readonly name = 'BrokenBinding';
}

function loadNamed(): unknown {
  const folder = builtFolder();
  return folder === undefined ? requirePackage(NAME, 'tfjs') : loadBuilt(folder);
}

/** @throws BrokenBinding saying what is wrong in the folder */
export function loadBuilt(folder: string): unknown {
  const broken = (why: string, cause?: unknown): BrokenBinding =>
    new BrokenBinding(
      `${VARIABLE}=${folder}: ${why}. Build it again in a checkout (npm run tfjs-node), or unset ${VARIABLE}: then another backend is taken.`,
      { cause },
    );
  if (!isAbsolute(folder)) throw broken('it must be the whole path of a folder, beginning with /');
  const wanted = packageJson.optionalDependencies[NAME];
  let version: unknown;
  try {
    const file = join(folder, 'node_modules', NAME, 'package.json');
    ({ version } = JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown });
  } catch (error) {
    throw broken(`there is no ${NAME} in it`, error);
  }
  if (version !== wanted) throw broken(`it has ${NAME} ${String(version)}, and ${wanted} is needed`);
  try {
    return createRequire(join(folder, 'package.json'))(NAME) as unknown;
  } catch (error) {
    throw broken(
      `${NAME} does not load (${error instanceof Error ? error.message.split('\n')[0]! : String(error)})`,
      error,
    );
  }
}
