import { thresholdsOf } from '../judge.ts';
import { readModel } from '../models/read-model.ts';
import { manifestOf } from '../models/manifest.ts';
import { seesTheSame } from '../reading/fingerprints.ts';
import { message } from '../../contract/story/messages.ts';
import type { EngineOptions, UserMessage } from '../options.ts';
import { Rules } from '../feedback/rules.ts';
import type { Store } from '../store/store.ts';
import type { ReferenceModel } from '../store/subject-state.ts';
import type { Subject } from '../store/subjects.ts';
import type { Version } from '../store/versions.ts';
import { adoptVersion, loadOne } from './versions.ts';

/** Stored actions after which the reference model looks again; and at how many of the latest. */
const EVERY = 5000;
const LOOKS_AT = 1000;
/** Actions before those: what may still be in its window. */
const WARM = 100;
/** Asked when of what does not alarm now more than this would have alarmed then, and when there is so much of it. */
const MUCH = 0.5;
const ENOUGH = LOOKS_AT / 2;

/**
 * Compares each user with the first model of them that is kept, the reference model. A change slow enough to carry the model in
 * use along opens no alert; when most of what is normal now would have opened one then, a person is asked, once.
 */
export class DriftCheck {
  readonly #store: Store;
  readonly #options: EngineOptions;
  readonly #notice: UserMessage;

  constructor(store: Store, options: EngineOptions, notice: UserMessage) {
    this.#store = store;
    this.#options = options;
    this.#notice = notice;
  }

  /** Stored actions of a subject at which there is something to do. */
  dueAt(subjectId: number): number {
    const { algorithm } = this.#options;
    if (!this.#store.versions.active(subjectId, algorithm)) return Infinity;
    return this.#held(subjectId)?.reference.next ?? -Infinity;
  }

  /** Looks, when it is time, at how the user's latest actions look to the reference model. Changes no judgement. */
  look(subject: Subject): void {
    const { id, stored } = subject;
    if (stored < this.dueAt(id)) return;
    const held = this.#held(id);
    const next = stored + EVERY;
    if (!held) {
      const [oldest] = this.#store.versions.list(id).filter((version) => this.#fits(version));
      if (oldest) this.#keep(id, { version: oldest.id, next, share: null, asked: false });
      // None that can be used: a new one will be trained.
      return;
    }
    const share = this.#share(id, held.version);
    const asked = share !== null && share > MUCH;
    this.#keep(id, { ...held.reference, next, share, asked });
    if (asked && !held.reference.asked) this.#ask(subject, held.version, share);
  }

  #held(subjectId: number): { reference: ReferenceModel; version: Version } | undefined {
    const reference = this.#store.subjectState.reference(subjectId);
    const version = reference && this.#store.versions.byId(reference.version);
    return version && this.#fits(version) ? { reference, version } : undefined;
  }

  #fits(version: Version): boolean {
    const { pack, algorithm } = this.#options;
    const manifest = manifestOf(version);
    return version.algorithm === algorithm && manifest !== undefined && seesTheSame(manifest, pack);
  }

  #keep(subjectId: number, reference: ReferenceModel): void {
    this.#store.transaction(() => {
      this.#store.subjectState.setReference(subjectId, reference);
    });
  }

  /** Of the latest actions that did not alarm, the share at which the reference model does; null where there are too few. */
  #share(subjectId: number, version: Version): number | null {
    const { pack, math, algorithm, sensitivity } = this.#options;
    const { actions, scores, versions } = this.#store;
    const loaded = loadOne(version, algorithm, pack, (manifest) => ({ ...manifest, math }), this.#notice);
    const inUse = manifestOf(versions.active(subjectId, algorithm));
    if (!loaded || !inUse) return null;
    const [then, now] = [loaded.model.normal, inUse.normal].map((normal) => thresholdsOf(normal, sensitivity).alarm);
    const rules = Rules.of(this.#store, subjectId, pack.learning);
    const latest = actions.last(subjectId, LOOKS_AT + WARM);
    let [quiet, anomalous] = [0, 0];
    latest.forEach(({ id, action }, l) => {
      const judgement = loaded.model.observe(action, false, rules.verdict(action) === 'normal');
      if (!judgement || l < WARM) return;
      const scored = scores.of(id);
      // What alarms is told by itself.
      if (!scored || scored.window >= now!) return;
      quiet++;
      if (judgement.window >= then!) anomalous++;
    });
    return quiet < ENOUGH ? null : anomalous / quiet;
  }

  #ask({ name }: Subject, version: Version, share: number): void {
    const since = new Date(timeOf(this.#store, version) * 1000).toISOString().slice(0, 10);
    this.#notice(
      message('model.slow-change', { user: name, date: since, n: LOOKS_AT, share: Math.round(100 * share) }),
      { what: 'slow-change', share },
    );
  }
}

/** Up to when a version has learned, Unix seconds. */
export const timeOf = (store: Store, version: Version): number =>
  store.actions.byId(version.afterAction)?.action.time ?? manifestOf(version)?.training.to ?? version.createdAt;

/** The user says that it was them: from now on the model in use is their reference. Only in a transaction. */
export function moveReference(store: Store, { id, stored }: Subject, inUse: Version): void {
  store.subjectState.setReference(id, { version: inUse.id, next: stored + EVERY, share: null, asked: false });
}

/**
 * The user says that it was somebody else: the reference model is in use again, and nothing that came since it is learned by
 * any. Only in a transaction; an engine that is open on the store is to be made again.
 * @returns why it cannot be, as a sentence
 */
export function returnToReference(store: Store, state: string, subject: Subject, now: number): string | undefined {
  const { id, name, stored } = subject;
  const reference = store.subjectState.reference(id);
  const version = reference && store.versions.byId(reference.version);
  if (!version) return message('model.no-reference', { user: name });
  const read = readModel(version.folder);
  if (!read.ok) return read.problem.message;
  const last = store.actions.last(id, 1)[0]?.id ?? 0;
  const used = adoptVersion(store, state, name, read, now);
  store.subjectState.distrust(id, { after: version.afterAction, to: last });
  store.subjectState.setReference(id, { version: used, next: stored + EVERY, share: null, asked: false });
  return undefined;
}
