import { dirname, sep } from 'node:path';

import type * as tf from '@tensorflow/tfjs';
import type { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

import type { MathEngine } from '../../models/math-engine.ts';
import { tensorFlowEngine } from '../../models/tensorflow/engine.ts';
import { packagePath, requirePackage } from './optional-package.ts';
import { BrokenBinding, requireTensorFlowNode } from './tensorflow-node.ts';

/** By speed; `tensorflow` is tfjs-node's. */
const tensorFlowBackends = ['tensorflow', 'wasm', 'cpu'] as const;
type TensorFlowBackend = (typeof tensorFlowBackends)[number];

/** TensorFlow.js as an engine: see `loadTensorFlowPackage`. */
export async function loadTensorFlow(backends?: readonly TensorFlowBackend[]): Promise<MathEngine> {
  return tensorFlowEngine(await loadTensorFlowPackage(backends));
}

/**
 * TensorFlow.js on the first of these backends that loads. The backend is one for the whole process, but for tfjs-node's where it
 * brings a TensorFlow.js of its own.
 * @throws MissingPackage when not even TensorFlow.js itself is installed, BrokenBinding when somebody named a tfjs-node that does
 * not load, Error when none of the backends loads
 */
export async function loadTensorFlowPackage(
  backends: readonly TensorFlowBackend[] = tensorFlowBackends,
): Promise<typeof tf> {
  const causes: unknown[] = [];
  for (const backend of backends) {
    try {
      const tensorFlow = packageOf(backend);
      if (await tensorFlow.setBackend(backend)) return tensorFlow;
      causes.push(new Error(`TensorFlow.js does not start its backend ${backend}`));
    } catch (error) {
      if (error instanceof BrokenBinding) throw error;
      causes.push(error);
    }
  }
  // The package that all of them need says itself what to install.
  requirePackage('@tensorflow/tfjs', 'tfjs');
  throw new AggregateError(causes, `None of TensorFlow.js's backends ${backends.join(', ')} loads here.`);
}

function packageOf(backend: TensorFlowBackend): typeof tf {
  const tensorFlow = (
    backend === 'tensorflow' ? requireTensorFlowNode() : requirePackage('@tensorflow/tfjs', 'tfjs')
  ) as typeof tf;
  // Otherwise it advertises tfjs-node on stderr.
  tensorFlow.enableProdMode();
  if (backend === 'wasm') {
    const wasm = requirePackage('@tensorflow/tfjs-backend-wasm', 'tfjs') as { setWasmPaths: typeof setWasmPaths };
    wasm.setWasmPaths(dirname(packagePath('@tensorflow/tfjs-backend-wasm', 'tfjs')) + sep);
    // Its threads do not start in Node, and one repeats to the bit.
    tensorFlow.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  }
  return tensorFlow;
}
