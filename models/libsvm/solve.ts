import { offset, type OneClassSolution } from '../ocsvm/smo.ts';

/** The part of libsvm-js's class that is used; its package has no types. */
export interface SvmClass {
  new (options: Readonly<Record<string, string | number | boolean>>): Svm;
  readonly SVM_TYPES: { readonly ONE_CLASS: string };
  readonly KERNEL_TYPES: { readonly PRECOMPUTED: string };
}

interface Svm {
  train(samples: readonly (readonly number[])[], labels: readonly number[]): void;
  /** 0-based samples that carry weight, in the order of the model's text. */
  getSVIndices(): number[];
  serializeModel(): string;
  free(): void;
}

/**
 * libsvm-js's answer to `solveOneClass`. LIBSVM says ρ with six digits only, so it is rebuilt from the gradient at the
 * free vectors, which is what LIBSVM itself takes it from.
 * @throws Error when libsvm-js gives no one-class model back
 */
export function solveWithLibsvm(
  Class: SvmClass,
  kernel: Float64Array,
  n: number,
  nu: number,
  tolerance: number,
): OneClassSolution {
  const svm = new Class({
    type: Class.SVM_TYPES.ONE_CLASS,
    kernel: Class.KERNEL_TYPES.PRECOMPUTED,
    nu,
    tolerance,
    quiet: true,
  });
  try {
    // LIBSVM's form of a kernel's row: the number of the sample, counted from 1, before its products with all.
    const rows = Array.from({ length: n }, (_, i) => [i + 1, ...kernel.subarray(i * n, (i + 1) * n)]);
    svm.train(
      rows,
      rows.map(() => 1),
    );
    return solutionOf(svm, kernel, n);
  } finally {
    // What it holds lies in a WebAssembly memory, which no garbage collector sees.
    svm.free();
  }
}

function solutionOf(svm: Svm, kernel: Float64Array, n: number): OneClassSolution {
  const [head = '', body = ''] = svm.serializeModel().split('\nSV\n');
  const weights = body.split('\n').filter((line) => line !== '');
  const indices = svm.getSVIndices();
  if (!head.includes('svm_type one_class') || weights.length !== indices.length)
    throw new Error('libsvm-js gave no one-class model back');
  const alpha = new Float64Array(n);
  const gradient = new Float64Array(n);
  indices.forEach((i, place) => {
    const weight = Number.parseFloat(weights[place]!);
    alpha[i] = weight;
    for (let t = 0; t < n; t++) gradient[t]! += weight * kernel[i * n + t]!;
  });
  return { alpha, rho: offset(alpha, gradient) };
}
