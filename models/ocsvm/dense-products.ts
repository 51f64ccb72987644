import type { Kernels } from '../kernels/kernels.ts';
import type { Bag } from '../bags/bags.ts';
import type { Places } from './places.ts';

const FLOAT = 4;
/** Rows that are multiplied at once. */
const BLOCK = 96;

/** The products of each sample, its frequent fields and its mix side by side, with all samples before it. */
export class DenseProducts {
  readonly #kernels: Kernels;
  readonly #n: number;
  /** Columns of the samples: first the fields, then the mix. */
  readonly #width: number;
  /** Samples, a multiple of 8. */
  readonly #padded: number;
  readonly #rows: number;
  readonly #panels: number;
  readonly #block: number;
  #next = 0;

  constructor(kernels: Kernels, bags: readonly Bag[], mixes: readonly Float32Array[], { ofBag, columns }: Places) {
    this.#kernels = kernels;
    this.#n = bags.length;
    this.#padded = (bags.length + 7) & ~7;
    this.#width = columns + (mixes[0]?.length ?? 0);
    const { heap } = kernels;
    this.#rows = heap.alloc(this.#padded * this.#width);
    this.#panels = heap.alloc(this.#padded * this.#width);
    this.#block = heap.alloc(BLOCK * this.#padded);
    const { f32 } = heap;
    bags.forEach(({ weights }, i) => {
      const row = this.#rows / FLOAT + i * this.#width;
      const places = ofBag[i]!;
      for (let f = 0; f < places.length; f++) if (places[f]! >= 0) f32[row + places[f]!] = weights[f]!;
      f32.set(mixes[i]!, row + columns);
    });
    kernels.packTransposed(this.#width, this.#padded, this.#rows, this.#width, this.#panels);
  }

  /** Of the next sample: at least as long as there are samples before it. Valid until the next call. */
  next(): Float32Array {
    const row = this.#next++;
    if (row % BLOCK === 0) this.#multiply(row);
    const start = this.#block / FLOAT + (row % BLOCK) * this.#padded;
    return this.#kernels.heap.f32.subarray(start, start + row);
  }

  /** What lies above the diagonal by more than a block is nobody's business. */
  #multiply(first: number): void {
    const rows = Math.min(BLOCK, this.#n - first);
    const columns = Math.min(this.#padded, first + BLOCK);
    const from = this.#rows + first * this.#width * FLOAT;
    const [width, padded] = [this.#width, this.#padded];
    this.#kernels.gemm(rows, columns, width, from, width, this.#panels, this.#block, padded, false);
  }
}
