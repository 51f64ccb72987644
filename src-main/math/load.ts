import { fusedEngine } from '../../models/fused.ts';
import type { MathEngine, MathEngineName } from '../../models/math-engine.ts';

/**
 * Makes an engine ready. A package is loaded only when its engine is asked for: the default starts without any.
 * @throws MissingPackage saying what to install
 */
export async function loadMathEngine(name: MathEngineName): Promise<MathEngine> {
  switch (name) {
    case 'fused':
      return fusedEngine();
    case 'tfjs': {
      const { loadTensorFlow } = await import('./tensorflow.ts');
      return loadTensorFlow();
    }
    case 'libsvm-js': {
      const { loadLibsvm } = await import('./libsvm.ts');
      return loadLibsvm();
    }
  }
}
