import { headNames, type Batch } from './batch.ts';
import type { Network } from './network.ts';
import type { Head } from './shape.ts';

const FLOAT = 4;

/**
 * The heads over a batch of rows, forward and backward. The token head, nearly all of the output's width, is only multiplied for rows
 * of which it says something (an action that never was has no token to foresee, and such are many): what is left out is zeros,
 * so that every sum is the same.
 */
export class HeadsPass {
  readonly #network: Network;
  readonly #rows: number;
  /** The widths of the token head, which comes last, and of all heads before it, padding included. */
  readonly #width: Record<'others' | 'token', number>;
  readonly #a: Record<'others' | 'token' | 'hd' | 'both' | 'losses' | 'tokenLosses' | 'panels' | 'scratch', number>;
  /** Numbers of the rows with a token, and for each row where `both` has it. */
  readonly #ids: Record<'withToken' | 'back', number>;
  readonly #targets: Record<Head['name'], number>;
  /** Address of each head's conditions; 0 where it has none. */
  readonly #conditions: Record<Head['name'], number>;
  #withToken = new Int32Array();

  constructor(network: Network, rows: number) {
    this.#network = network;
    this.#rows = rows;
    const { logits, units, heads } = network.layout;
    const { column } = heads.at(-1)!;
    this.#width = { others: column, token: logits - column };
    const alloc = (count: number): number => network.kernels.heap.alloc(count);
    this.#a = {
      others: alloc(rows * this.#width.others),
      token: alloc(rows * this.#width.token),
      hd: alloc(rows * units),
      both: alloc(2 * rows * units),
      losses: alloc(rows),
      tokenLosses: alloc(rows),
      panels: alloc(units * Math.max(this.#width.others, this.#width.token)),
      scratch: alloc(rows * (units + 8)),
    };
    this.#ids = { withToken: alloc(rows), back: alloc(rows) };
    this.#targets = { type: alloc(rows), recency: alloc(rows), port: alloc(rows), token: alloc(rows) };
    this.#conditions = { type: 0, recency: alloc(rows), port: alloc(rows), token: alloc(rows) };
  }

  load({ targets, conditions }: Batch): void {
    const { i32 } = this.#network.kernels.heap;
    const [rows, back] = [new Int32Array(this.#rows), new Int32Array(this.#rows)];
    let count = 0;
    for (let row = 0; row < back.length; row++) {
      const hasToken = targets.token[row]! >= 0;
      back[row] = hasToken ? this.#rows + count : row;
      if (hasToken) rows[count++] = row;
    }
    this.#withToken = rows.subarray(0, count);
    i32.set(this.#withToken, this.#ids.withToken / FLOAT);
    i32.set(back, this.#ids.back / FLOAT);
    for (const head of headNames) {
      const own = (all: Int32Array): Int32Array => (head === 'token' ? this.#withToken.map((row) => all[row]!) : all);
      i32.set(own(targets[head]), this.#targets[head] / FLOAT);
      if (this.#conditions[head] > 0) i32.set(own(conditions[head]), this.#conditions[head] / FLOAT);
    }
  }

  /**
   * The mean loss; the logits become their own gradients.
   * @param hd address of what the heads read, shape [rows, units] @param gradients address of all parameters'
   */
  forward(hd: number, gradients: number): number {
    const [rows, count, network] = [this.#rows, this.#withToken.length, this.#network];
    const { kernels, layout } = network;
    const { units, logits } = layout;
    const { others, token, losses, tokenLosses, panels, hd: hdOfToken } = this.#a;
    const { others: narrow, token: wide } = this.#width;
    kernels.pack(units, narrow, network.at('heads'), logits, panels);
    kernels.gemm(rows, narrow, units, hd, units, panels, others, narrow, false);
    kernels.gather(count, units, hd, this.#ids.withToken, hdOfToken, units);
    kernels.pack(units, wide, network.at('heads') + narrow * FLOAT, logits, panels);
    kernels.gemm(count, wide, units, hdOfToken, units, panels, token, wide, false);
    const { f32 } = kernels.heap;
    f32.fill(0, losses / FLOAT, losses / FLOAT + rows);
    for (const head of layout.heads) {
      if (head.name !== 'token') this.#judge(head, rows, others + head.column * FLOAT, narrow, losses, gradients);
    }
    const [first, own] = [losses / FLOAT, tokenLosses / FLOAT];
    const withToken = this.#withToken;
    for (let place = 0; place < count; place++) f32[own + place] = f32[first + withToken[place]!]!;
    this.#judge(layout.heads.at(-1)!, count, token, wide, tokenLosses, gradients);
    for (let place = 0; place < count; place++) f32[first + withToken[place]!] = f32[own + place]!;
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += f32[first + row]!;
    return sum / rows;
  }

  /** After `forward`: adds to the heads' gradient, and writes that of `hd` to `dh`. */
  backward(hd: number, gradients: number, dh: number): void {
    const [rows, count, network] = [this.#rows, this.#withToken.length, this.#network];
    const { kernels, layout } = network;
    const { units, logits } = layout;
    const { others, token, hd: hdOfToken, both, panels, scratch } = this.#a;
    const { others: narrow, token: wide } = this.#width;
    const gradient = network.at('heads', gradients);
    kernels.gemmTransposedA(units, narrow, rows, hd, units, others, narrow, gradient, logits, scratch);
    const ofToken = gradient + narrow * FLOAT;
    kernels.gemmTransposedA(units, wide, count, hdOfToken, units, token, wide, ofToken, logits, scratch);
    const more = both + rows * units * FLOAT;
    kernels.packTransposed(narrow, units, network.at('heads'), logits, panels);
    kernels.gemm(rows, units, narrow, others, narrow, panels, both, units, false);
    kernels.gather(count, units, both, this.#ids.withToken, more, units);
    kernels.packTransposed(wide, units, network.at('heads') + narrow * FLOAT, logits, panels);
    kernels.gemm(count, units, wide, token, wide, panels, more, units, true);
    kernels.gather(rows, units, both, this.#ids.back, dh, units);
  }

  /** Losses of one head, at `logits`, `ld` apart. */
  #judge(head: Head, rows: number, logits: number, ld: number, losses: number, gradients: number): void {
    const network = this.#network;
    const { name, width, bias } = head;
    const [biases, biasGradient] = [network.at(bias.name), network.at(bias.name, gradients)];
    const [conditions, targets] = [this.#conditions[name], this.#targets[name]];
    network.kernels.softmaxCrossEntropy(
      rows,
      width,
      logits,
      ld,
      biases,
      conditions,
      targets,
      1 / this.#rows,
      losses,
      biasGradient,
    );
    // Behind a head lies padding: what the product left there must not flow back.
    const { f32 } = network.kernels.heap;
    const pad = ((width + 7) & ~7) - width;
    for (let row = 0; row < rows; row++) {
      const end = logits / FLOAT + row * ld + width;
      for (let at = end; at < end + pad; at++) f32[at] = 0;
    }
  }
}
