import type { DetectorKind } from './detector.ts';
import { frequency } from './frequency/frequency.ts';
import { lstm } from './lstm/lstm.ts';
import { neighbours } from './neighbours/neighbours.ts';
import { novelty } from './novelty/novelty.ts';
import { ocsvm } from './ocsvm/ocsvm.ts';

/** Every detector the product knows. One listed here is in the app, the CLI, the promise tests and the docs. */
export const detectorKinds = [lstm, ocsvm, frequency, novelty, neighbours] as const satisfies readonly DetectorKind[];

/** What a user may choose: one of the two models by itself, or all evidence together. */
export const algorithms = ['lstm', 'ocsvm', 'both'] as const;
export type Algorithm = (typeof algorithms)[number];

/** How much each detector counts in the fused judgement; none: not trained at all. */
export const weightsOf: Readonly<Record<Algorithm, Readonly<Record<string, number>>>> = {
  lstm: { lstm: 1 },
  ocsvm: { ocsvm: 1 },
  both: { lstm: 2, ocsvm: 2, frequency: 1, novelty: 0.5, neighbours: 1 },
};
