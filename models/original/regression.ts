import type * as tf from '@tensorflow/tfjs';

/** What somebody set instead of these. */
export interface RegressionParameters {
  readonly hidden?: number | undefined;
  readonly epochs?: number | undefined;
  readonly batch?: number | undefined;
  readonly dropout?: number | undefined;
}

const UNITS = 64;
const SEQUENCE = 50;
const BATCH = 4;
const EPOCHS = 10;

/**
 * The original's LSTM: foresees the next row's numbers by regression (mean squared error, Adam, Keras's defaults), on
 * numbers brought to 0…1 by what the training had. @returns the root mean squared error of each test row; the first's,
 * which nothing foresaw, is 0
 */
export async function regressionErrors(
  tensorFlow: typeof tf,
  past: readonly (readonly number[])[],
  test: readonly (readonly number[])[],
  seed: number,
  { hidden = UNITS, epochs = EPOCHS, batch = BATCH, dropout = 0 }: RegressionParameters = {},
): Promise<number[]> {
  const width = past[0]!.length;
  const most = Array.from({ length: width }, (_, i) => past.reduce((top, row) => Math.max(top, row[i]!), 1));
  const scaled = (rows: readonly (readonly number[])[]): number[][] =>
    rows.map((row) => row.map((id, i) => id / most[i]!));
  const { layers, initializers } = tensorFlow;
  const model = tensorFlow.sequential();
  model.add(
    layers.lstm({
      units: hidden,
      returnSequences: true,
      inputShape: [SEQUENCE, width],
      kernelInitializer: initializers.glorotUniform({ seed }),
      recurrentInitializer: initializers.glorotUniform({ seed: seed + 1 }),
    }),
  );
  model.add(layers.dense({ units: width, kernelInitializer: initializers.glorotUniform({ seed: seed + 2 }) }));
  // Where the original had it: on what is foreseen, while it trains.
  if (dropout > 0) model.add(layers.dropout({ rate: dropout, seed }));
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  try {
    const [input, target] = sequencesOf(tensorFlow, scaled(past));
    // Not shuffled: TensorFlow.js would do it by chance of its own.
    await model.fit(input, target, { batchSize: batch, epochs, shuffle: false });
    tensorFlow.dispose([input, target]);
    const rows = scaled(test);
    const padded = [...rows, ...Array.from({ length: SEQUENCE }, () => rows.at(-1)!)];
    const [read] = sequencesOf(tensorFlow, padded);
    const foreseen = model.predict(read, { batchSize: 64 }) as tf.Tensor3D;
    const values = await foreseen.data();
    tensorFlow.dispose([read, foreseen]);
    return rows.map((row, r) => {
      if (r === 0) return 0;
      const squares = row.map((value, i) => (value - values[(r - 1) * width + i]!) ** 2);
      return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / width);
    });
  } finally {
    model.dispose();
  }
}

/** Sequences that follow each other, and the same one row later. Shapes [n, 50, width]. */
function sequencesOf(tensorFlow: typeof tf, rows: readonly number[][]): [tf.Tensor3D, tf.Tensor3D] {
  const count = Math.max(1, Math.floor((rows.length - 1) / SEQUENCE));
  const cut = (shift: number): number[][][] =>
    Array.from({ length: count }, (_, s) =>
      Array.from({ length: SEQUENCE }, (_, i) => rows[Math.min(rows.length - 1, s * SEQUENCE + i + shift)]!),
    );
  return [tensorFlow.tensor3d(cut(0)), tensorFlow.tensor3d(cut(1))];
}
