/** What a user may choose: one of the two models by itself, or all evidence together. */
export const algorithms = ['lstm', 'ocsvm', 'both'] as const;
export type Algorithm = (typeof algorithms)[number];

/** How much each detector counts in the fused judgement; not named: not trained at all. */
export const weightsOf: Readonly<Record<Algorithm, Readonly<Record<string, number>>>> = {
  lstm: { lstm: 1 },
  ocsvm: { ocsvm: 1 },
  both: { lstm: 1, ocsvm: 0.5, frequency: 3, novelty: 1, neighbours: 0.5 },
};
