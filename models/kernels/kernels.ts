/**
 * The arithmetic that training and scoring spend their time in, behind one interface with several implementations:
 * plain TypeScript (always there) and WebAssembly SIMD. All give the same results within the bound that the tests state.
 *
 * Arrays live in one heap. An address is a byte offset into it, a multiple of 16. Matrices are row-major float32;
 * `ld` is the distance between rows in floats. Column counts of weights are multiples of 8: the caller pads.
 * Sizes, addresses and ids are the caller's to keep right: nothing here checks them. NaN comes out as NaN.
 */
export interface Heap {
  /** Views of the whole heap; an address `a` is element `a >> 2`. Made again when the heap grows: do not keep them. */
  readonly f32: Float32Array;
  readonly i32: Int32Array;
  /** Reserves `count` 4-byte elements, zeroed, and returns their address. */
  alloc(count: number): number;
}

export interface Kernels {
  readonly name: 'plain' | 'simd' | 'fma';
  readonly heap: Heap;

  /** Copies `b` [k, n] into panels, the layout `gemm` reads its second matrix in: k·n floats at `panels`. */
  pack(k: number, n: number, b: number, ldb: number, panels: number): void;
  /** The same for the transpose: `b` is [n, k], the panels are those of bᵀ [k, n]. `n` a multiple of 8. */
  packTransposed(k: number, n: number, b: number, ldb: number, panels: number): void;
  /** `c = a·b`, or `c += a·b` when `accumulate`: a [m, k], b in panels [k, n], c [m, n]. n a multiple of 8. */
  gemm(
    m: number,
    n: number,
    k: number,
    a: number,
    lda: number,
    panels: number,
    c: number,
    ldc: number,
    accumulate: boolean,
  ): void;
  /** `c += aᵀ·b`: a [k, m], b [k, n], c [m, n]; the gradient of a weight. m a multiple of 4, n of 8. `scratch`: k·(m + 8) floats. */
  gemmTransposedA(
    m: number,
    n: number,
    k: number,
    a: number,
    lda: number,
    b: number,
    ldb: number,
    c: number,
    ldc: number,
    scratch: number,
  ): void;
  /** `out = base + h·w` for one row: h [k], w [k, n] row-major, base and out [n]. n a multiple of 8. */
  gemv(n: number, k: number, h: number, w: number, base: number, out: number): void;

  /** `x[r, offset…offset+width) = table[ids[r]]` for r < rows; an id < 0 leaves zeros. width a multiple of 4. */
  gather(rows: number, width: number, table: number, ids: number, x: number, ldx: number): void;
  /** `table[ids[r]] += x[r]` for r < rows; ids < 0 are skipped. */
  scatterAdd(rows: number, width: number, table: number, ids: number, x: number, ldx: number): void;
  /** `sums[j] += Σ_r x[r, j]`, n a multiple of 4. */
  columnSums(rows: number, n: number, x: number, ldx: number, sums: number): void;

  /** `x[i] *= by[i]`, n a multiple of 4. */
  multiply(n: number, x: number, by: number): void;
  /**
   * `mask[i]` is 0 where the next number of `random` is below `dropout`, else 1 / (1 − dropout); `out = x·mask`. n a multiple of 4.
   * @param state of `random` before it; `later` tells what it is then
   * @param dropout above 0, below 1
   */
  dropOut(n: number, state: number, dropout: number, x: number, mask: number, out: number): void;

  /**
   * One step of an LSTM for `batch` sequences. Gate order i, f, c, o (Keras's); sigmoid gates, tanh cell.
   * units a multiple of 4.
   * z [batch, 4·units] holds the pre-activations without bias and is replaced by the activated gates.
   * @param previousCell address of c_{t−1} [batch, units], 0 for zeros
   * @param cell receives c_t, `cellTanh` tanh(c_t), `output` h_t; each [batch, units]
   */
  gatesForward(
    batch: number,
    units: number,
    z: number,
    bias: number,
    previousCell: number,
    cell: number,
    cellTanh: number,
    output: number,
  ): void;
  /**
   * Back through the same step: z (activated gates) is replaced by the gradient of the pre-activations;
   * `outputGradient` is dL/dh_t; `cellGradient` comes in as dL/dc_t from the step after and leaves as dL/dc_{t−1}.
   */
  gatesBackward(
    batch: number,
    units: number,
    z: number,
    previousCell: number,
    cellTanh: number,
    outputGradient: number,
    cellGradient: number,
  ): void;

  /**
   * Softmax and cross-entropy of one head over `rows` rows of `logits` (row stride ldl), columns [0, width).
   * A row with target < 0 has no loss: its columns become 0. Otherwise the columns become
   * `scale · (softmax − onehot)`, and the loss −log p(target) is added to `losses[row]`.
   * `bias[condition[r]]` ([conditions, width]) is added to the logits first; `condition` 0 means one bias row for all.
   * When `biasGradient` is not 0 the columns' new values are added to its row too. width any; ldl a multiple of 8.
   */
  softmaxCrossEntropy(
    rows: number,
    width: number,
    logits: number,
    ldl: number,
    bias: number,
    condition: number,
    targets: number,
    scale: number,
    losses: number,
    biasGradient: number,
  ): void;

  /** Adam (Kingma & Ba 2015) over n parameters; `step` counts from 1. n a multiple of 4. */
  adam(
    n: number,
    parameters: number,
    gradients: number,
    m: number,
    v: number,
    rate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    step: number,
  ): void;
}
