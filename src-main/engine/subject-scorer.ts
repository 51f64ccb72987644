import { LEAST_Z } from '../../models/profile/calibration.ts';
import type { Judgement } from '../../models/profile/view.ts';
import { isIn } from './model-lifecycle/ranges.ts';
import type { Familiar } from './narrative/familiar.ts';
import { beginOf, newFactsOf } from './narrative/lately.ts';
import { pastOf, tellIncident } from './narrative/tell-incident.ts';
import { tellToItsEnd } from './narrative/tell-end.ts';
import { explain, type Explanation } from './explanation/explain.ts';
import { RecentActions } from './recent-actions.ts';
import { explanationOf } from './explanation/explanation.ts';
import { FactsVoice, type Heard } from './facts/voice.ts';
import { loadFacts, type KnownFacts } from './facts/known.ts';
import { LastDays } from './last-days.ts';
import { judgedBefore } from './model-lifecycle/training-set.ts';
import { ModelFailed } from './model-lifecycle/model-failed.ts';
import { Rules } from './feedback/rules.ts';
import {
  bandOf,
  judge,
  thresholdsOf,
  openAfter,
  severityOf,
  standingThresholds,
  type Thresholds,
  type OpenIncident,
} from './judge.ts';
import type { EngineEvents, EngineOptions } from './options.ts';
import type { StoredAction } from './store/actions.ts';
import type { Store } from './store/store.ts';
import type { Range } from './store/subject-state.ts';
import { chanceOf } from '../../models/profile/normal.ts';
import { addVersion, type Loaded } from './model-lifecycle/versions.ts';

type RuleVerdict = ReturnType<Rules['verdict']>;

/** By what factor an incident has to be longer, in actions, to be told again; and how often it was that many times as long. */
const LONGER = 1.25;
const lengths = (count: number): number => Math.floor(Math.log(count) / Math.log(LONGER));
/** Judged actions after which the model is stored again: what a restart has to go through again at most. */
const STORE_AFTER = 1000;
/** … and after which what is known of the subject is. */
const KEEP_AFTER = 1000;
/** Actions before that which may still be in a window. */
const LOOKS_BACK = 200;

/** One subject, with a model or without: judges what is stored of it, and keeps its incidents. */
export class SubjectScorer {
  readonly #name: string;
  readonly #store: Store;
  readonly #options: EngineOptions;
  readonly #events: IncidentQueue;
  readonly #subjectId: number;
  #loaded: Loaded | undefined;
  readonly #facts: FactsVoice | undefined;
  #sinceKept = 0;
  readonly #thresholds: Thresholds;
  #incident: OpenIncident | undefined;
  readonly #lately: RecentActions;
  readonly #lastDays: LastDays;
  readonly #isReplayed: boolean;
  #sinceStored = 0;
  /** What the user did before the incident that is open, and with which action that begins. */
  #past: { readonly since: number; readonly familiar: Familiar } | undefined;
  /** The last action of the last incident that is over. */
  #over = 0;
  readonly #rules: Rules;
  readonly #distrusted: readonly Range[];

  constructor(
    store: Store,
    options: EngineOptions,
    events: IncidentQueue,
    subject: { id: number; name: string },
    loaded: Loaded | undefined,
  ) {
    this.#name = subject.name;
    this.#store = store;
    this.#options = options;
    this.#events = events;
    this.#subjectId = subject.id;
    this.#loaded = loaded;
    this.#lately = new RecentActions(options.windowLength);
    this.#isReplayed = options.durability === 'replayable';
    this.#lastDays = new LastDays(store, subject.id, this.#isReplayed);
    this.#thresholds = loaded ? thresholdsOf(loaded.model.normal, options.sensitivity) : standingThresholds;
    this.#rules = Rules.of(store, subject.id, options.pack.learning);
    let newFacts: KnownFacts['newFacts'] = new Map();
    if (options.facts !== false) {
      const known = loadFacts(store, subject, this.#rules, options.pack.learning);
      this.#facts = new FactsVoice(known.facts, this.#thresholds, options);
      this.#sinceKept = known.since;
      newFacts = known.newFacts;
    }
    this.#distrusted = store.subjectState.distrusted(subject.id);
    this.#resume(newFacts);
  }

  get hasModel(): boolean {
    return this.#loaded !== undefined;
  }

  /** Judges an action that was just stored. Only in a transaction. */
  judge(stored: StoredAction): void {
    const said = this.#rules.verdict(stored.action);
    const judged = this.#judged(stored, said);
    const heard = this.#hear(stored, said, judged);
    const incidentId = heard ? this.#step(stored, heard) : null;
    if (incidentId !== null) this.#facts?.tell();
    this.#keepFacts(stored);
    if (!heard) return;
    const { judgement } = heard;
    this.#store.scores.add({
      actionId: stored.id,
      score: judgement.action,
      window: judgement.window,
      lstm: judgement.votes.lstm ?? null,
      ocsvm: judgement.votes.ocsvm ?? null,
      incidentId,
      anomalous: judgement.whole >= this.#thresholds.calm,
      versionId: this.#loaded?.version.id ?? null,
    });
    // Counted as it is when the model is loaded again.
    if (judged) this.#sinceStored++;
    const { state, now, storeAfter = STORE_AFTER } = this.#options;
    // One that is trained now will be compared with this one, as it was before what neither has learned.
    if (!this.#loaded || this.#sinceStored < storeAfter || this.#store.trainings.isBegun(this.#subjectId)) return;
    this.#sinceStored = 0;
    const { model, manifest } = this.#loaded;
    const known = { ...manifest, drift: model.drift, words: model.words, createdAt: now() };
    const version = addVersion(this.#store, state, this.#subjectId, model.save(), known, stored.id);
    this.#loaded = { ...this.#loaded, version };
  }

  /** What the models and the facts say of an action that was just stored. */
  #hear({ id, action }: StoredAction, said: RuleVerdict, judged: Judgement | undefined): Heard | undefined {
    const heard = this.#facts
      ? this.#facts.hear(action, judged, this.#incident !== undefined, { suppressed: said === 'normal' })
      : judged && { judgement: judged, newFacts: [], z: LEAST_Z };
    if (heard) this.#lately.add(id, action, heard.judgement.action, heard.newFacts);
    if (!heard || said !== 'suspicious') return heard;
    const { judgement } = heard;
    // Whatever anybody makes of it: a person said so.
    return { ...heard, judgement: { ...judgement, window: Math.max(judgement.window, this.#thresholds.alarm) } };
  }

  #keepFacts({ id }: StoredAction): void {
    if (!this.#facts || ++this.#sinceKept < KEEP_AFTER) return;
    this.#sinceKept = 0;
    this.#store.subjectState.setFacts(this.#subjectId, id, this.#facts.save());
    // What was new before this is not kept with it.
    if (this.#isReplayed) this.#lately.forgetNewFacts();
  }

  /** @throws ModelFailed also for what is no number, which no table takes */
  #judged({ id, action }: StoredAction, said: RuleVerdict): Judgement | undefined {
    if (!this.#loaded) return undefined;
    const { model, version } = this.#loaded;
    let judgement: Judgement | undefined;
    try {
      judgement = model.observe(action, !isIn(this.#distrusted, id), said === 'normal');
    } catch (error) {
      throw new ModelFailed(version.id, error);
    }
    if (judgement && ![judgement.action, judgement.window, judgement.whole].every(Number.isFinite))
      throw new ModelFailed(version.id, 'a score that is no number');
    return judgement;
  }

  /** @returns the incident that the action belongs to, if any */
  #step({ id, action }: StoredAction, heard: Heard): number | null {
    const { judgement } = heard;
    const { incidents } = this.#store;
    const { time, change } = action;
    const judged = { z: judgement.window, time, ends: change === 'removed' };
    const verdict = judge(this.#incident, judged, this.#thresholds);
    if (verdict.step === 'nothing') return null;
    if (verdict.step === 'open') {
      const own = this.#lately.list.filter((lately) => lately.id > this.#over);
      const explanation = this.#explain(heard, beginOf(own.slice(-Math.max(judgement.filled, 1))), id);
      // Where it began: the first action that was strange by itself, not the start of the window it stands in.
      const first = own.find(({ score }) => score >= this.#thresholds.alarm) ?? own.at(-1)!;
      const peak = judgement.window;
      const band = this.#bandOf(peak);
      const incidentId = incidents.open({
        subjectId: this.#subjectId,
        openedAt: action.time,
        firstAction: first.id,
        firstTime: first.time,
        lastAction: id,
        lastTime: action.time,
        peak,
        band,
        count: 1,
        explanation,
      });
      this.#incident = openAfter(verdict, undefined, judged, incidentId);
      this.#tell('opened', explanation.sentence);
      return incidentId;
    }
    const open = this.#incident!;
    if (verdict.step === 'close') {
      const teller = { store: this.#store, learning: this.#options.pack.learning };
      this.#over = tellToItsEnd(teller, open.id, this.#name, this.#past);
      incidents.close(open.id, action.time);
      this.#tell('closed', '');
      this.#incident = undefined;
      this.#past = undefined;
      return null;
    }
    this.#incident = verdict.next;
    if (verdict.step === 'wait') return null;
    const { peak, count } = verdict.next;
    // More of it tells more: looked at again when it is stranger than ever, or longer by a fourth.
    const again = peak > open.peak || lengths(count) > lengths(count - 1);
    const stored = incidents.byId(open.id)!;
    const before = explanationOf(stored);
    // One that is damaged is made again.
    const isKept = !again && before !== undefined;
    const explanation = isKept ? before : this.#explain(heard, before?.story?.since ?? stored.firstAction, id);
    const band = this.#bandOf(peak);
    incidents.extend(open.id, { lastAction: id, lastTime: time, peak, band, count, explanation });
    if (band !== this.#bandOf(open.peak)) this.#tell('extended', explanation.sentence);
    return open.id;
  }

  /** @param since the first action that is told of; @param last the newest */
  #explain({ judgement, z }: Heard, since: number, last: number): Explanation {
    const { model } = this.#loaded ?? {};
    const { filled, window } = judgement;
    const teller = { store: this.#store, learning: this.#options.pack.learning };
    if (this.#past?.since !== since) this.#past = { since, familiar: pastOf(teller, this.#subjectId, since) };
    const isNew = !model || window <= z;
    // What is said of how rare it is goes with its severity, which is that of its strangest moment.
    const strangest = Math.max(window, this.#incident?.peak ?? window);
    const newFacts = isNew ? newFactsOf(this.#lately.list) : undefined;
    const told = { subjectId: this.#subjectId, user: this.#name, since, last, ...(newFacts && { newFacts }) };
    return explain({
      story: tellIncident(teller, told, this.#past.familiar),
      subject: this.#name,
      window: isNew ? undefined : model.explain(judgement),
      actions: this.#lately.list.slice(-Math.max(filled, 1)),
      rank: this.#lastDays.rank(strangest, model?.normal ?? { maxima: [], days: 0 }, this.#lately.list.at(-1)!.time),
      chance: model ? chanceOf(model.normal, strangest) : 0,
      learning: this.#options.pack.learning,
    });
  }

  #tell(change: 'opened' | 'extended' | 'closed', sentence: string): void {
    const { id, peak } = this.#incident!;
    const severity = severityOf(peak, this.#thresholds.alarm);
    this.#events.push({ change, id, subject: this.#name, band: bandOf(severity), peak, severity, sentence });
  }

  #bandOf(peak: number): string {
    return bandOf(severityOf(peak, this.#thresholds.alarm));
  }

  /** Brings model, window and incident to where they were after the last stored action. */
  #resume(newFacts: KnownFacts['newFacts']): void {
    const afterAction = this.#loaded?.version.afterAction ?? this.#store.actions.last(this.#subjectId, 1)[0]?.id ?? 0;
    if (this.#loaded && this.#rules.suppressing) {
      const before = judgedBefore(this.#store, this.#options.pack, this.#subjectId, afterAction, LOOKS_BACK);
      this.#loaded.model.suppress(before.map((action) => this.#rules.verdict(action) === 'normal'));
    }
    for (const { id, action } of this.#store.actions.before(this.#subjectId, afterAction + 1, LOOKS_BACK)) {
      const scored = this.#store.scores.of(id);
      if (scored) this.#lately.add(id, action, scored.score, newFacts.get(id));
    }
    for (const stored of this.#store.actions.after(this.#subjectId, afterAction)) {
      const judged = this.#judged(stored, this.#rules.verdict(stored.action));
      const score = this.#store.scores.of(stored.id)?.score ?? judged?.action;
      if (score !== undefined) this.#lately.add(stored.id, stored.action, score, newFacts.get(stored.id));
      if (judged) this.#sinceStored++;
    }
    this.#over =
      this.#store.incidents.list({ subjectId: this.#subjectId, state: 'closed', limit: 1 })[0]?.lastAction ?? 0;
    const open = this.#store.incidents.list({ subjectId: this.#subjectId, state: 'open', limit: 1 })[0];
    if (!open) return;
    let calm = 0;
    // The end of something may be strange and keeps an incident as it was.
    for (const stored of this.#store.actions.after(this.#subjectId, open.lastAction))
      if ((this.#store.scores.of(stored.id)?.window ?? Infinity) < this.#thresholds.calm) calm++;
    this.#incident = { id: open.id, peak: open.peak, count: open.count, calm, since: open.lastTime };
  }
}

/** Incident events of a transaction, told only once it is stored. */
export type IncidentQueue = Parameters<NonNullable<EngineEvents['incident']>>[0][];
