export interface Schedule {
  /** Adam steps. */
  readonly steps: number;
  /** Highest learning rate of the one-cycle schedule (Smith 2018). */
  readonly peak: number;
  readonly dropout: number;
}

/** Adam's own constants, the same in every engine. */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
/** Gradients longer than this are shortened to it: one odd batch must not throw the weights. */
export const LONGEST_GRADIENT = 1;
/** Share of the steps in which the rate rises. */
const WARM_UP = 0.3;

/** The rate of step `step` of `steps`: up linearly, down along a cosine to a hundredth. */
export function oneCycle(step: number, { steps, peak }: Schedule): number {
  const turn = WARM_UP * steps;
  if (step < turn) return peak * (0.04 + (0.96 * step) / turn);
  return peak * (0.01 + 0.99 * 0.5 * (1 + Math.cos((Math.PI * (step - turn)) / (steps - turn))));
}

/**
 * Steps that read a past so often, in whole slices.
 * @param actions of the past @param read by a step
 */
export const stepsOf = (epochs: number, actions: number, read: number, slice: number): number =>
  Math.max(1, Math.round((epochs * actions) / read / slice)) * slice;
