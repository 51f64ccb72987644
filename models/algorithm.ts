/** What a user may choose: one of the two models by itself, or all evidence together. */
export const algorithms = ['lstm', 'ocsvm', 'both'] as const;
export type Algorithm = (typeof algorithms)[number];

/** How much each detector counts in the fused judgement; not named: not trained at all. */
export const weightsOf: Readonly<Record<Algorithm, Readonly<Record<string, number>>>> = {
  lstm: { lstm: 1 },
  ocsvm: { ocsvm: 1 },
  both: { lstm: 1, ocsvm: 0.5, frequency: 3, novelty: 1, neighbours: 0.5 },
};

/**
 * How many times as often what comes later alarms as what was held out, where that is not as often as usual: users change, and the
 * One-Class SVM by itself, which takes each new field for strange, sees more of that (docs/decisions/alarm-line.md).
 */
export const laterOf: Readonly<Partial<Record<Algorithm, number>>> = { ocsvm: 16 };
