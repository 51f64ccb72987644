import type { Action } from '../../../models/action.ts';
import type { Facts, FactsJudgement, NewFact, SavedFacts } from '../../../models/facts/facts.ts';
import { isJudged } from '../../../models/teaching.ts';
import { LEAST_Z, MOST_Z } from '../../../models/profile/calibration.ts';
import type { Judgement } from '../../../models/profile/view.ts';
import type { Thresholds } from '../judge.ts';
import type { EngineOptions } from '../options.ts';
import type { Pack } from '../reading/pack.ts';

/** Nats from which new facts, and a new setting, alarm at a budget of one alert a week (docs/decisions/facts.md). */
export const [FACTS, SETTING] = [19.25, 4.35];
const BUDGET = 1 / 7;
/** Share above a line at which nothing can be more anomalous; and how fast what is below a line stops to count. */
const TO_THE_TOP = 0.25;
const FALLS = 3;

/** What was judged, and what of it was never there before. */
export interface Heard {
  readonly judgement: Judgement;
  readonly newFacts: readonly NewFact[];
  /** z of what is new by itself. */
  readonly z: number;
}

interface HearOptions {
  /** What is new counts towards being known. */
  readonly learn?: boolean;
  /** A person said that the action is normal. */
  readonly suppressed?: boolean;
}

export interface FactsOptions extends Pick<EngineOptions, 'sensitivity' | 'windowLength'> {
  readonly pack: Pick<Pack, 'learning'>;
}

/** What is new by itself, beside what the models say: on the scale of the subject's windows. */
export class FactsVoice {
  readonly #facts: Facts;
  readonly #thresholds: Thresholds;
  readonly #windowLength: number;
  readonly #learning: Pack['learning'];
  /** Nats by which the lines move with the budget. */
  readonly #moved: number;

  constructor(facts: Facts, thresholds: Thresholds, { sensitivity, windowLength, pack }: FactsOptions) {
    this.#facts = facts;
    this.#thresholds = thresholds;
    this.#windowLength = windowLength;
    this.#learning = pack.learning;
    this.#moved = Math.log(BUDGET / sensitivity.alertsPerDay);
  }

  /**
   * Hears the next action, whatever the models make of it, and takes it in.
   * @param isOpen an incident of the subject goes on: then it is always judged, or it could not end
   * @returns undefined where neither the models nor the facts have anything to say
   */
  hear(
    action: Action,
    judgement: Judgement | undefined,
    isOpen: boolean,
    { learn = true, suppressed = false }: HearOptions = {},
  ): Heard | undefined {
    const heard = this.#heard(action, judgement, isOpen, suppressed);
    this.#facts.keep(learn && (heard === undefined || heard.judgement.whole < this.#thresholds.calm));
    return heard;
  }

  #heard(action: Action, judgement: Judgement | undefined, isOpen: boolean, suppressed: boolean): Heard | undefined {
    if (!isJudged(action.query, this.#learning)) return isOpen && !judgement ? SILENT : undefined;
    const told = this.#facts.see(action);
    if (suppressed) this.#facts.know(action);
    const z = suppressed ? LEAST_Z : this.#zOf(told);
    if (!judgement) {
      if (told.setting === 0 && !isOpen) return undefined;
      return { judgement: withoutModel(Math.max(0, z)), newFacts: told.newFacts, z };
    }
    // A log that tells what is new would tell of a stranger: what is only done more often than usual is no alarm. Nor is a single
    // action that makes its window strange: of single actions what is new tells better.
    const window = told.tells ? this.#lasting(judgement, told) : judgement.window;
    const most = { action: Math.max(judgement.action, z), whole: Math.max(judgement.whole, z) };
    return { judgement: { ...judgement, ...most, window: Math.max(window, z) }, newFacts: told.newFacts, z };
  }

  /** z of a window of which facts tell: below the line where it is no alarm. */
  #lasting({ window, lasts }: Judgement, { sinceNew }: FactsJudgement): number {
    const { alarm, calm } = this.#thresholds;
    // What lasted before this window, and was called normal since, is over.
    const alarms = lasts >= alarm && window >= calm && sinceNew < this.#windowLength;
    return alarms ? Math.max(window, lasts) : Math.min(window, this.#justBelow);
  }

  /** The action that was heard last is in an alert: what is new in it does not alarm by itself again for some days. */
  tell(): void {
    this.#facts.tell();
  }

  save(): SavedFacts {
    return this.#facts.save();
  }

  get #justBelow(): number {
    return this.#thresholds.alarm - 1e-6;
  }

  #zOf({ facts, setting }: FactsJudgement): number {
    const share = Math.max(facts / (FACTS + this.#moved), setting / Math.max(1, SETTING + this.#moved));
    const { alarm } = this.#thresholds;
    const z = share < 1 ? alarm * (1 - FALLS * (1 - share)) : alarm + ((MOST_Z - alarm) * (share - 1)) / TO_THE_TOP;
    return Math.min(MOST_Z, Math.max(LEAST_Z, z));
  }
}

/** What is said of a subject of whom there is no model. */
const withoutModel = (z: number): Judgement => ({
  action: z,
  votes: {},
  undrifted: [],
  filled: 0,
  stretch: 0,
  stay: 0,
  burst: LEAST_Z,
  window: z,
  whole: z,
  lasts: z,
});

/** An incident goes on, and nothing is judged. */
const SILENT: Heard = { judgement: withoutModel(0), newFacts: [], z: LEAST_Z };
