import { BYTES_PER_ELEMENT, growableHeap, INITIAL } from './heap.ts';
import type { Kernels } from './kernels.ts';
import { lstmKernels } from './plain/lstm.ts';
import { matrixKernels } from './plain/matrix.ts';
import { rowKernels } from './plain/rows.ts';

/**
 * Kernels in TypeScript alone: they run wherever JavaScript does.
 * @param initialFloats size of the heap before it first has to grow
 */
export function plainKernels(initialFloats = INITIAL): Kernels {
  let buffer = new ArrayBuffer(initialFloats * BYTES_PER_ELEMENT);
  const heap = growableHeap({
    get buffer() {
      return buffer;
    },
    grow(bytes) {
      buffer = buffer.transfer(bytes);
    },
  });
  return { name: 'plain', heap, ...matrixKernels(heap), ...rowKernels(heap), ...lstmKernels(heap) };
}
