import type { Scored } from './metrics.ts';

/** A labelled stretch of one user's log, as one version scored it. */
export interface UnitScore extends Scored {
  readonly user: string;
  /** Whether the score reached the user's own line. */
  readonly alarms: boolean;
}

/** Shares of false alarms at which detection is told. */
export const falseAlarmRates = [0.01, 0.03, 0.067] as const;

/** What is told of a version; the shares lie between 0 and 1. */
export const figureNames = [
  'rocAuc',
  'detectionAt1Percent',
  'detectionAt3Percent',
  'detectionAt6.7Percent',
  'ownLineFalseAlarms',
  'ownLineDetection',
  'ownLineCost',
] as const;
export type FigureName = (typeof figureNames)[number];
export type Figures = Readonly<Record<FigureName, number>>;

/** A false alarm costs as much as this number of misses. Source: Maxion & Townsend 2002, Masquerade Detection. */
const FALSE_ALARM_COST = 6;

/** Units of several users, highest score first, that can be counted without sorting them again. */
export class RankedUnits {
  readonly #user: Uint32Array;
  readonly #score: Float64Array;
  readonly #isPositive: Uint8Array;
  readonly #alarms: Uint8Array;

  /** @param users each user of the units once; weights are given in their order */
  constructor(units: readonly UnitScore[], users: readonly string[]) {
    const place = new Map(users.map((user, u) => [user, u]));
    const sorted = [...units].sort((a, b) => (a.score === b.score ? 0 : b.score > a.score ? 1 : -1));
    this.#user = Uint32Array.from(sorted, ({ user }) => place.get(user)!);
    this.#score = Float64Array.from(sorted, ({ score }) => score);
    this.#isPositive = Uint8Array.from(sorted, ({ label }) => label);
    this.#alarms = Uint8Array.from(sorted, ({ alarms }) => Number(alarms));
  }

  /**
   * The figures of the units when each user's are there as often as the weight says: ROC-AUC, detection at each of
   * `falseAlarmRates`, false alarms and detection at the users' own lines, and their cost, `100 · (6 · false alarms +
   * misses)`, from 0 to 700.
   * @param weights a whole number from 0 for each user; undefined when positives or negatives are missing
   */
  figures(weights: readonly number[]): Figures | undefined {
    const all = this.#totals(weights);
    if (all.positives === 0 || all.negatives === 0) return undefined;
    const limits = falseAlarmRates.map((rate) => Math.floor(rate * all.negatives + 1e-9));
    const detections: number[] = [];
    let [positives, negatives, pairs] = [0, 0, 0];
    for (let start = 0; start < this.#score.length;) {
      let [end, tiedPositives, tiedNegatives] = [start, 0, 0];
      for (; end < this.#score.length && this.#score[end] === this.#score[start]; end++) {
        const weight = weights[this.#user[end]!]!;
        if (this.#isPositive[end] === 1) tiedPositives += weight;
        else tiedNegatives += weight;
      }
      // The rates ascend: where the negatives pass one's limit, it is the next that is not known yet.
      while (negatives + tiedNegatives > (limits[detections.length] ?? Infinity)) {
        detections.push(positives / all.positives);
      }
      pairs += tiedNegatives * (positives + tiedPositives / 2);
      positives += tiedPositives;
      negatives += tiedNegatives;
      start = end;
    }
    const ownLineFalseAlarms = all.falseAlarms / all.negatives;
    const ownLineDetection = all.found / all.positives;
    return {
      rocAuc: pairs / (all.positives * all.negatives),
      detectionAt1Percent: detections[0]!,
      detectionAt3Percent: detections[1]!,
      'detectionAt6.7Percent': detections[2]!,
      ownLineFalseAlarms,
      ownLineDetection,
      ownLineCost: 100 * (FALSE_ALARM_COST * ownLineFalseAlarms + 1 - ownLineDetection),
    };
  }

  #totals(weights: readonly number[]): Record<'positives' | 'negatives' | 'found' | 'falseAlarms', number> {
    const all = { positives: 0, negatives: 0, found: 0, falseAlarms: 0 };
    for (let u = 0; u < this.#user.length; u++) {
      const weight = weights[this.#user[u]!]!;
      const isPositive = this.#isPositive[u] === 1;
      all[isPositive ? 'positives' : 'negatives'] += weight;
      if (this.#alarms[u] === 1) all[isPositive ? 'found' : 'falseAlarms'] += weight;
    }
    return all;
  }
}
