import type { Kernels } from '../kernels/kernels.ts';
import { random } from '../random.ts';
import { EMBED, INPUT, layoutOf, type Block, type Layout, type Sizes } from './shape.ts';

const FLOAT = 4;

/** The next-action model's parameters on a kernel's heap, and the addresses of their parts. */
export class Network {
  readonly kernels: Kernels;
  readonly layout: Layout;
  readonly #base: number;

  /** @param units cells of the LSTM, a multiple of 8; the usual ones when not given */
  constructor(kernels: Kernels, sizes: Sizes, units?: number) {
    this.kernels = kernels;
    this.layout = layoutOf(sizes, units);
    this.#base = kernels.heap.alloc(this.layout.parameters);
  }

  /** Address of all parameters. */
  get parameters(): number {
    return this.#base;
  }

  block(name: string): Block {
    const block = this.layout.blocks.get(name);
    if (!block) throw new RangeError(`lstm: no parameters named ${name}`);
    return block;
  }

  /** Address of a block; `base` may be that of another array of the same layout (gradients). It stays as long as the network. */
  at(name: string, base = this.#base): number {
    return base + this.block(name).offset * FLOAT;
  }

  /** A copy of a block's values, row-major. */
  read(name: string): Float32Array {
    const { offset, rows, columns } = this.block(name);
    const start = this.#base / FLOAT + offset;
    return this.kernels.heap.f32.slice(start, start + rows * columns);
  }

  /** @throws RangeError when `values` has another length than the block */
  write(name: string, values: ArrayLike<number>): void {
    const { offset, rows, columns } = this.block(name);
    if (values.length !== rows * columns) {
      throw new RangeError(`lstm: ${name} has ${rows * columns} values, got ${values.length}`);
    }
    this.kernels.heap.f32.set(values, this.#base / FLOAT + offset);
  }

  /** Keras's defaults: uniform embeddings, Glorot kernels, forget bias 1; the rest 0. */
  initialise(seed: number): void {
    const next = random(seed);
    const uniform = (name: string, limit: number): void => {
      const { rows, columns } = this.block(name);
      this.write(
        name,
        Float32Array.from({ length: rows * columns }, () => (2 * next() - 1) * limit),
      );
    };
    for (const name of ['embed_type', 'embed_recency', 'embed_token', 'embed_hour']) uniform(name, 0.3);
    const { units, logits } = this.layout;
    uniform('kernel', Math.sqrt(6 / (INPUT + units)));
    uniform('recurrent_kernel', Math.sqrt(6 / (2 * units)));
    uniform('heads', Math.sqrt(6 / (units + logits)));
    this.write('heads', withoutPadding(this.read('heads'), this.layout));
    const forget = new Float32Array(4 * units).fill(1, units, 2 * units);
    this.write('bias', forget);
  }
}

/** Zeros between the heads, where no head reads: what is there must not be anybody's business. */
function withoutPadding(weights: Float32Array, { heads, logits }: Layout): Float32Array {
  const used = new Set(heads.flatMap(({ column, width }) => Array.from({ length: width }, (_, i) => column + i)));
  return weights.map((value, i) => (used.has(i % logits) ? value : 0));
}

/** The columns of the LSTM's input that each embedding fills, and the ids that choose its row. */
export const embeddings = [
  { name: 'embed_type', of: 'type', column: 0, width: EMBED.type },
  { name: 'embed_recency', of: 'recency', column: EMBED.type, width: EMBED.recency },
  { name: 'embed_token', of: 'token', column: EMBED.type + EMBED.recency, width: EMBED.token },
  { name: 'embed_hour', of: 'hour', column: EMBED.type + EMBED.recency + EMBED.token, width: EMBED.hour },
] as const;
