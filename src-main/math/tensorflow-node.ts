import { registerHooks } from 'node:module';

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

/**
 * Loads tfjs-node, which registers its backend `tensorflow`. Version 4.22 calls two functions of `util` that later Nodes
 * have dropped: it alone is given a `util` that still has them, everybody else's stays as Node made it.
 * @throws MissingPackage when it is not installed, and what it throws when its native library does not load
 */
export function requireTensorFlowNode(load = requirePackage): unknown {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'util' && context.parentURL?.includes('/@tensorflow/tfjs-node/dist/')
        ? { url: OLD_UTIL_URL, format: 'commonjs', shortCircuit: true }
        : next(specifier, context),
    load: (url, context, next) =>
      url === OLD_UTIL_URL ? { format: 'commonjs', source: OLD_UTIL, shortCircuit: true } : next(url, context),
  });
  try {
    return load('@tensorflow/tfjs-node', 'tfjs');
  } finally {
    hooks.deregister();
  }
}
