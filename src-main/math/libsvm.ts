import { fusedEngine } from '../../models/fused.ts';
import { solveWithLibsvm, type SvmClass } from '../../models/libsvm/solve.ts';
import type { MathEngine } from '../../models/math-engine.ts';
import { TOLERANCE } from '../../models/ocsvm/smo.ts';
import { requirePackage } from './optional-package.ts';

/** The One-Class SVM by libsvm-js; the LSTM stays with our kernels. @throws MissingPackage */
export async function loadLibsvm(): Promise<MathEngine> {
  const Class = await libsvmClass();
  const fused = fusedEngine();
  return {
    ...fused,
    name: 'libsvm-js',
    backend: `libsvm-js, LSTM by ${fused.backend}`,
    solveOneClass: (kernel, n, nu) => solveWithLibsvm(Class, kernel, n, nu, TOLERANCE),
  };
}

/** The package's class. What it exports is a promise. @throws MissingPackage */
export function libsvmClass(): Promise<SvmClass> {
  return quietly(() => requirePackage('libsvm-js', 'libsvm-js') as Promise<SvmClass>);
}

/** What its compiler's loader does to the whole process: end it at any unhandled error. */
const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * Loads libsvm-js without what it does to others. Its loader was written before Node had `fetch`: where it sees one it
 * asks it for a path, and complains on stderr before it reads the file.
 */
function quietly<T>(load: () => T): T {
  const { fetch } = globalThis;
  const before = EVENTS.map((event) => process.rawListeners(event));
  try {
    Object.assign(globalThis, { fetch: undefined });
    return load();
  } finally {
    Object.assign(globalThis, { fetch });
    EVENTS.forEach((event, e) => {
      for (const listener of process.rawListeners(event)) {
        if (!before[e]!.includes(listener)) process.off(event, listener as () => void);
      }
    });
  }
}
