import { chooseKernels } from '../kernels/choose.ts';
import type { MathEngine } from '../math-engine.ts';
import { solveOneClass } from '../ocsvm/smo.ts';
import type { TensorFlow } from './operations.ts';
import { TensorFlowStream } from './stream.ts';
import { TensorFlowTrainer } from './trainer.ts';

/** The LSTM by TensorFlow.js, on the backend that `tf` is set to; the One-Class SVM stays with our solver. */
export function tensorFlowEngine(tf: TensorFlow): MathEngine {
  return {
    name: 'tfjs',
    backend: `TensorFlow.js ${tf.getBackend()}`,
    // For the One-Class SVM; of the LSTM they only hold the parameters.
    kernels: () => chooseKernels(),
    trainer: (network, lookup, seed) => new TensorFlowTrainer(tf, network, lookup, seed),
    stream: (network, lookup) => new TensorFlowStream(tf, network, lookup),
    solveOneClass,
  };
}
