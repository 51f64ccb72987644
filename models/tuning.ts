/** What a person may set of how the two models are trained; the rest was chosen by measurement and stays. */
export interface Tuning {
  /** Cells of the LSTM: a multiple of 8, for that is what the kernels' tiles hold; 8…256. */
  readonly units: number;
  /** How often the training reads the whole past, 1…300; null: a number of steps that does not grow with the past. */
  readonly epochs: number | null;
  /** Share of the LSTM's outputs that each step of the training leaves out, 0…0.9. */
  readonly dropout: number;
  /** Sequences that a step of the training reads, 1…64. */
  readonly batch: number;
  /** Share of the user's own windows that the One-Class SVM may leave outside, 0.01…0.9. */
  readonly nu: number;
  /** How fast likeness falls with distance in the One-Class SVM: 1 / (2·spread²), 0.05…50. */
  readonly gamma: number;
}

/** What is measured best on users' logs (docs/benchmarks.md); a model of these says nothing of them in its files. */
export const usualTuning: Tuning = { units: 64, epochs: null, dropout: 0.3, batch: 16, nu: 0.1, gamma: 2 };
