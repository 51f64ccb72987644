import means from './prior.json' with { type: 'json' };

/** New facts a week of a family of which nothing is known. */
const UNKNOWN = 0.01;

/** Mean number of new facts of a family that somebody has in a week: of invented people (scripts/make-prior.ts). */
export const priorOf = (family: string): number =>
  Object.hasOwn(means, family) ? means[family as keyof typeof means] : UNKNOWN;

/** Families of which the invented people had any. */
export const priorFamilies: readonly string[] = Object.keys(means);
