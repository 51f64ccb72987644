import { closeSync, openSync } from 'node:fs';

import type { LogForm } from '../line-forms/original-csv.ts';
import { isMachine } from '../contract/subjects.ts';
import { visibleJson } from '../contract/visible-text.ts';
import { Facts } from '../../models/facts/facts.ts';
import { loadFacts } from '../engine/facts/known.ts';
import { FactsVoice } from '../engine/facts/voice.ts';
import {
  judge,
  thresholdsOf,
  openAfter,
  severityOf,
  standingThresholds,
  type JudgedWindow,
  type Thresholds,
  type OpenIncident,
} from '../engine/judge.ts';
import type { EngineOptions } from '../engine/options.ts';
import { Rules } from '../engine/feedback/rules.ts';
import type { Store } from '../engine/store/store.ts';
import type { Subject } from '../engine/store/subjects.ts';
import { SubjectResolver } from '../engine/reading/subject-resolver.ts';
import { storedNames } from '../engine/reading/uid-names.ts';
import type { Found } from '../engine/reading/parse-batch.ts';
import { addVersion, loadVersion, type Loaded } from '../engine/model-lifecycle/versions.ts';
import { exitCodes, Failure } from './failure.ts';
import { tellUser, tellUserOnly, writeAllRaw } from './output.ts';
import { csvOf, demandResults, newTally, readLogs, tallyText } from './read-logs.ts';
import { algorithmOf, engineOptions, openState, settingsOf, type Shared } from './setup.ts';

export interface ScoreOptions extends Shared {
  readonly log: string[];
  readonly form?: LogForm;
  readonly learn?: boolean;
  readonly out?: string;
}

/** One line of output: what the models say of one action. */
export interface ScoreLine {
  /** 1-based line of the log. */
  readonly line: number;
  readonly time: number;
  readonly subject: string;
  readonly query: string;
  /** z of the window by each of the two models; null where that one does not judge. */
  readonly lstm: number | null;
  readonly ocsvm: number | null;
  /** z of the action alone, and of the window that ends with it, all evidence of the algorithm fused. */
  readonly score: number;
  readonly window: number;
  /** The window's z on the scale of alerts: from 50 on it alarms, 100 is the strangest there is. */
  readonly severity: number;
  /** Number of the incident of this run that the action belongs to. */
  readonly incident: number | null;
}

/** `ubad score`: judges saved logs with trained models, one JSON line an action, in log order. */
export async function score(options: ScoreOptions): Promise<void> {
  const config = settingsOf(options);
  const engine = await engineOptions(config, options.subject);
  const store = openState(config.state, !options.learn);
  const out = options.out === undefined ? 1 : openSync(options.out, 'w', 0o600);
  try {
    const scorer = new Scorer(store, engine, algorithmOf(options.algorithm), options.learn ?? false);
    const tally = newTally();
    let [pending, isRead] = ['', true];
    // Nobody may read on, as with head: what is learned is still kept.
    const write = (): void => {
      if (isRead) writeAllRaw(out, pending, options.learn ? () => (isRead = false) : undefined);
      pending = '';
    };
    for await (const found of readLogs(
      options.log,
      engine.pack,
      new SubjectResolver(options.subject, storedNames(store)),
      tally,
      csvOf(options, afterTraining(store)),
    )) {
      const line = scorer.score(found);
      if (line) pending += `${visibleJson(line)}\n`;
      if (pending.length > 65_536) write();
    }
    write();
    demandResults(tally, options.log);
    scorer.finish();
    const warnings = [tallyText(tally), scorer.unknownText(), scorer.incidentsText()].filter((text) => text !== '');
    for (const warning of warnings) tellUser(warning);
  } finally {
    if (out !== 1) closeSync(out);
    store.close();
  }
}

/** Rows without a time come after those that were learned. */
function afterTraining(store: Store): number | undefined {
  const seen = store.subjects.list().map(({ lastSeen }) => lastSeen);
  return seen.length === 0 ? undefined : Math.max(...seen) + 60;
}

interface Judged {
  /** Undefined: there is no model of them, only what was never there before is judged. */
  readonly loaded: Loaded | undefined;
  readonly facts: FactsVoice | undefined;
  /** Undefined: the store does not know them. */
  readonly subjectId: number | undefined;
  /** Only some of the model's detectors judge: what they learn is not kept. */
  readonly partial: boolean;
  readonly thresholds: Thresholds;
  open: OpenIncident | undefined;
  window: number;
}

/** Judges actions without storing them. */
class Scorer {
  readonly #store: Store;
  readonly #engine: EngineOptions;
  readonly #only: EngineOptions['algorithm'] | undefined;
  readonly #learn: boolean;
  readonly #subjects = new Map<string, Judged>();
  readonly #unknown = new Map<string, number>();
  #incidents = 0;

  constructor(store: Store, engine: EngineOptions, only: EngineOptions['algorithm'] | undefined, learn: boolean) {
    this.#store = store;
    this.#engine = engine;
    this.#only = only;
    this.#learn = learn;
  }

  /** Undefined for what nobody judges: of a subject without a model all but what was never there before. */
  score({ subject, action, line }: Found): ScoreLine | undefined {
    const judged = this.#judged(subject);
    const { loaded, facts } = judged;
    const own = loaded?.model.observe(action, this.#learn);
    const judgement = facts
      ? facts.hear(action, own, judged.open !== undefined, { learn: this.#learn })?.judgement
      : own;
    const about = { line, time: action.time, subject, query: action.query };
    if (!judgement) {
      // What is stored but never judged still has its line: the window goes on as it was.
      if (loaded) return { ...about, lstm: null, ocsvm: null, ...level(judged), score: 0, incident: null };
      this.#unknown.set(subject, (this.#unknown.get(subject) ?? 0) + 1);
      return undefined;
    }
    judged.window = judgement.window;
    const { lstm, ocsvm } = judgement.votes;
    const incident = this.#step(judged, { z: judgement.window, time: action.time, ends: action.change === 'removed' });
    if (incident !== null) facts?.tell();
    const score = rounded(judgement.action)!;
    return { ...about, lstm: rounded(lstm), ocsvm: rounded(ocsvm), score, ...level(judged), incident };
  }

  /** Keeps what was learned, as new versions. @throws Failure when nothing could be judged */
  finish(): void {
    const judged = [...this.#subjects];
    if (!judged.some(([, { loaded }]) => loaded) && this.#unknown.size > 0) {
      const names = [...this.#unknown.keys()].slice(0, 5).join(', ');
      throw new Failure(`no trained model for ${names}; run: ubad train --log FILE`, exitCodes.noModel);
    }
    if (!this.#learn) return;
    for (const [subject, { loaded, facts, subjectId, partial }] of judged) {
      if (facts && subjectId !== undefined)
        this.#store.transaction(() => {
          const { id = 0 } = this.#store.actions.last(subjectId, 1)[0] ?? {};
          this.#store.subjectState.setFacts(subjectId, id, facts.save());
        });
      if (!loaded || subjectId === undefined) continue;
      if (partial) {
        tellUser(`${subject}: judged by a part of the model only, so what it learned is not kept`);
        continue;
      }
      const { version, model, manifest } = loaded;
      this.#store.transaction(() =>
        addVersion(this.#store, this.#engine.state, subjectId, model.save(), manifest, version.afterAction),
      );
    }
  }

  unknownText(): string {
    const count = [...this.#unknown.values()].reduce((sum, value) => sum + value, 0);
    return count === 0
      ? ''
      : `${count} actions of subjects without a model: ${[...this.#unknown.keys()].slice(0, 5).join(', ')}`;
  }

  /** Whoever lets it learn may look for its incidents where `watch` keeps them. */
  incidentsText(): string {
    return this.#learn && this.#incidents > 0
      ? `incidents in this output: ${this.#incidents}. They are kept nowhere else: ubad alerts list shows those of ubad watch`
      : '';
  }

  #judged(name: string): Judged {
    let judged = this.#subjects.get(name);
    if (!judged) this.#subjects.set(name, (judged = this.#begin(name)));
    return judged;
  }

  #begin(name: string): Judged {
    const subject = this.#store.subjects.byName(name);
    const model = subject && this.#load(subject);
    const { sensitivity, pack, facts: withFacts } = this.#engine;
    const thresholds = model ? thresholdsOf(model.loaded.model.normal, sensitivity) : standingThresholds;
    const known =
      withFacts === false
        ? undefined
        : subject
          ? loadFacts(this.#store, subject, Rules.of(this.#store, subject.id, pack.learning), pack.learning).facts
          : new Facts(isMachine(name));
    const facts = known && new FactsVoice(known, thresholds, this.#engine);
    const { loaded, partial = false } = model ?? {};
    return { loaded, facts, subjectId: subject?.id, partial, thresholds, open: undefined, window: 0 };
  }

  #load(subject: Subject): { readonly loaded: Loaded; readonly partial: boolean } | undefined {
    const { pack, math } = this.#engine;
    const own = this.#store.versions.list(subject.id).reverse();
    // The model of the wanted algorithm, else a part of one that has it, else whichever was trained last.
    const algorithm =
      own.find((version) => version.algorithm === this.#only)?.algorithm ??
      own.find((version) => version.algorithm === 'both')?.algorithm ??
      (this.#only === undefined ? own[0]?.algorithm : undefined);
    if (algorithm === undefined) return undefined;
    const partial = this.#only !== undefined && algorithm !== this.#only;
    const options = ({ seed, windowLength }: { seed: number; windowLength: number }) => ({
      seed,
      windowLength,
      math,
    });
    const loaded = loadVersion(
      this.#store,
      subject.id,
      algorithm,
      pack,
      options,
      tellUserOnly,
      this.#only ?? algorithm,
    );
    return loaded && { loaded, partial };
  }

  #step(judged: Judged, window: JudgedWindow): number | null {
    const verdict = judge(judged.open, window, judged.thresholds);
    if (verdict.step === 'open') this.#incidents++;
    judged.open = openAfter(verdict, judged.open, window, this.#incidents);
    return verdict.step === 'open' || verdict.step === 'extend' ? judged.open!.id : null;
  }
}

/** While an incident goes on the user is alarmed. */
const level = ({ window, thresholds, open }: Judged): Pick<ScoreLine, 'window' | 'severity'> => ({
  window: rounded(window)!,
  severity: Math.max(severityOf(window, thresholds.alarm), open ? severityOf(thresholds.alarm, thresholds.alarm) : 0),
});

const rounded = (value: number | undefined): number | null =>
  value === undefined ? null : Math.round(value * 1e6) / 1e6;
