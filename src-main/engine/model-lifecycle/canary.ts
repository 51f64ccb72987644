import { isIn } from './ranges.ts';
import { thresholdsOf, type Sensitivity } from '../judge.ts';
import { message } from '../../contract/story/messages.ts';
import type { EngineOptions, UserMessage } from '../options.ts';
import type { StoredAction } from '../store/actions.ts';
import type { Store } from '../store/store.ts';
import { loadOne, type Loaded } from './versions.ts';

/** Actions on which a new model is compared with the one before it: neither was trained on them. */
const CANARY_ACTIONS = 1000;
/** A new model is worse when so much more of the user's behaviour alarms, … */
const MARGIN = 0.02;
/** … and this many times as much: a little more is luck. */
const TIMES = 2;

/** Watches over new models: one that proves worse than the one before it is taken back. */
export class CanaryEvaluation {
  readonly #store: Store;
  readonly #options: Pick<EngineOptions, 'pack' | 'math' | 'sensitivity'>;
  readonly #notice: UserMessage;

  constructor(store: Store, options: EngineOptions, notice: UserMessage) {
    this.#store = store;
    this.#options = options;
    this.#notice = notice;
  }

  /** Only in a transaction. @param stored how many actions of the subject are stored now */
  begin(subjectId: number, version: number, predecessor: number, stored: number): void {
    this.#store.subjectState.setCanary(subjectId, { version, predecessor, until: stored + CANARY_ACTIONS });
  }

  /** Actions on which a model was trained that proved worse: it is not tried again before there are many more. */
  triedOn(subjectId: number): number {
    return this.#store.subjectState.rejectedTraining(subjectId);
  }

  /** Stored actions of a subject at which its canary evaluation ends; Infinity when it has none. */
  endsAt(subjectId: number): number {
    return this.#store.subjectState.canary(subjectId)?.until ?? Infinity;
  }

  /**
   * Ends a subject's canary evaluation when it is time.
   * @returns whether the model before is used again
   */
  end(subjectId: number, name: string, stored: number): boolean {
    const saved = this.#store.subjectState.canary(subjectId);
    if (!saved) return false;
    const { version, predecessor, until } = saved;
    if (stored < until) return false;
    const [fresh, old] = [version, predecessor].map((id) => this.#load(id));
    const result = fresh && old && this.#compare(subjectId, { fresh, old });
    const failed = result?.worse ? fresh : undefined;
    this.#store.transaction(() => {
      this.#store.subjectState.endCanary(subjectId);
      if (!failed) return;
      this.#store.versions.activate(predecessor);
      this.#store.subjectState.setRejectedTraining(subjectId, failed.manifest.training.actions);
    });
    if (!result || !failed) return false;
    const [before = '', after = ''] = [result.before, result.after].map((share) => `${(100 * share).toFixed(1)} %`);
    this.#notice(message('of', { user: name, what: message('model.taken-back', { after, before }) }), {
      what: 'model-taken-back',
      before: result.before,
      after: result.after,
    });
    return true;
  }

  #load(id: number): Loaded | undefined {
    const version = this.#store.versions.byId(id);
    const { pack, math } = this.#options;
    return version && loadOne(version, version.algorithm, pack, (manifest) => ({ ...manifest, math }), this.#notice);
  }

  #compare(subjectId: number, models: { old: Loaded; fresh: Loaded }): Comparison {
    const { actions, scores, incidents } = this.#store;
    const distrusted = this.#store.subjectState.distrusted(subjectId);
    return compare(
      models,
      (id) => actions.after(subjectId, id),
      ({ id }) => {
        if (isIn(distrusted, id)) return true;
        const incident = scores.of(id)?.incidentId ?? null;
        return incident !== null && incidents.byId(incident)?.verdict === 'suspicious';
      },
      this.#options.sensitivity,
    );
  }
}

/** How a new model and the one before it judged the same new behaviour of the user. */
interface Comparison {
  /** Share of the actions at which each alarmed, 0…1. */
  readonly before: number;
  readonly after: number;
  readonly worse: boolean;
}

/**
 * Lets two models judge the actions that came after the new one's training, each learning on as it would have.
 * @param actions what neither was trained on, oldest first; the old one may read from earlier on
 */
function compare(
  { old, fresh }: { old: Loaded; fresh: Loaded },
  actionsAfter: (id: number) => Iterable<StoredAction>,
  isBad: (action: StoredAction) => boolean,
  sensitivity: Sensitivity,
): Comparison {
  const from = fresh.version.afterAction;
  const share = ({ model, version }: Loaded): number => {
    const { alarm } = thresholdsOf(model.normal, sensitivity);
    let [alarms, all] = [0, 0];
    for (const stored of actionsAfter(version.afterAction)) {
      const judgement = model.observe(stored.action, true);
      if (!judgement || stored.id <= from || isBad(stored)) continue;
      all++;
      if (judgement.window >= alarm) alarms++;
      if (all === CANARY_ACTIONS) break;
    }
    return all > 0 ? alarms / all : 0;
  };
  const [before, after] = [share(old), share(fresh)];
  return { before, after, worse: after > before + MARGIN && after > TIMES * before };
}
