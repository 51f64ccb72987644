import { dirname, sep } from 'node:path';

import type * as tf from '@tensorflow/tfjs';
import type { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

import type { MathEngine } from '../../models/math-engine.ts';
import { tensorFlowEngine } from '../../models/tensorflow/engine.ts';
import { packagePath, requirePackage } from './optional-package.ts';
import { requireTensorFlowNode } from './tensorflow-node.ts';

/** By speed; `tensorflow` is tfjs-node's. */
const tensorFlowBackends = ['tensorflow', 'wasm', 'cpu'] as const;
type TensorFlowBackend = (typeof tensorFlowBackends)[number];

/**
 * TensorFlow.js on the first of these backends that loads. The backend is one for the whole process.
 * @throws MissingPackage when not even TensorFlow.js itself is installed, Error when none of the backends loads
 */
export async function loadTensorFlow(backends: readonly TensorFlowBackend[] = tensorFlowBackends): Promise<MathEngine> {
  const tensorFlow = requirePackage('@tensorflow/tfjs', 'tfjs') as typeof tf;
  // Otherwise it advertises tfjs-node on stderr.
  tensorFlow.enableProdMode();
  const causes: unknown[] = [];
  for (const backend of backends) {
    try {
      if (await set(tensorFlow, backend)) return tensorFlowEngine(tensorFlow);
      causes.push(new Error(`TensorFlow.js does not start its backend ${backend}`));
    } catch (error) {
      causes.push(error);
    }
  }
  throw new AggregateError(causes, `None of TensorFlow.js's backends ${backends.join(', ')} loads here.`);
}

async function set(tensorFlow: typeof tf, backend: TensorFlowBackend): Promise<boolean> {
  if (backend === 'tensorflow') requireTensorFlowNode();
  if (backend === 'wasm') {
    const wasm = requirePackage('@tensorflow/tfjs-backend-wasm', 'tfjs') as { setWasmPaths: typeof setWasmPaths };
    wasm.setWasmPaths(dirname(packagePath('@tensorflow/tfjs-backend-wasm', 'tfjs')) + sep);
    // Its threads do not start in Node, and one repeats to the bit.
    tensorFlow.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  }
  return tensorFlow.setBackend(backend);
}
