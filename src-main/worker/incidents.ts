import packageJson from '../../package.json' with { type: 'json' };
import type { ActionRow, AlertDetail, AlertRow, Band, AlertEvent } from '../contract/alerts.ts';
import type { AlertFile } from '../contract/answer.ts';
import type { ReportAsked } from '../contract/inputs.ts';
import type { Missed } from '../contract/contract.ts';
import type { Story } from '../contract/story/story.ts';
import { tellAction } from '../engine/explanation/describe.ts';
import type { AnomalousAction } from '../engine/explanation/explain.ts';
import { explanationOf, reasonDamaged } from '../engine/explanation/explanation.ts';
import { severityOf } from '../engine/judge.ts';
import { alertThresholdOf } from '../engine/thresholds.ts';
import { storyOfIncident } from '../engine/narrative/tell-incident.ts';
import type { EngineOptions, IncidentEvent } from '../engine/options.ts';
import { partsOf, scopeText } from '../engine/feedback/scope.ts';
import { answersTo } from '../engine/answer/answer.ts';
import { isHere } from '../engine/answer/step-act.ts';
import { thisMachine } from '../engine/answer/machine.ts';
import { NoReport, reportOf } from '../engine/report/report.ts';
import { fileOf } from '../engine/report/file.ts';
import type { StoredAction } from '../engine/store/actions.ts';
import type { Incident } from '../engine/store/incidents.ts';
import type { Store } from '../engine/store/store.ts';
import { SLOT, usualBand } from '../engine/narrative/usual-hours.ts';
import { AskFailed } from '../contract/ipc.ts';
import { rowOf, whereOf } from '../engine/explanation/rows.ts';
import type { Tell } from './serve.ts';

const OPEN_AT_MOST = 100;
/** Of more that nobody was told of, the newest are told. */
const MISSED_AT_MOST = 50;
/** Actions shown before the strangest one, and after it. */
const AROUND = 5;
/** Stories of alerts from before there were any are kept, so that each is made once. */
const STORIES_KEPT = 500;

/** Incidents as the contract has them; and the events of those that are open. */
export class Incidents {
  readonly #store: Store;
  readonly #options: EngineOptions;
  readonly #tell: Tell;
  /** Open ones, and how many windows they had when they were last told of. */
  readonly #open = new Map<number, number>();
  readonly #stories = new Map<number, { readonly lastAction: number; readonly story: Story }>();

  constructor(store: Store, options: EngineOptions, tell: Tell) {
    this.#store = store;
    this.#options = options;
    this.#tell = tell;
  }

  /** Tells of all that are open: a process that died may have stored one and told nobody. */
  tellOpen(): void {
    const open = this.#store.incidents.list({ state: 'open', limit: OPEN_AT_MOST });
    for (const { id } of open.reverse()) this.tell({ id, change: 'extended' });
  }

  /** What is over and was told to nobody. @param after the last incident that was told of; null: none is known */
  missed(after: number | null): Missed {
    const newest = this.#store.incidents.list({ limit: 1 })[0]?.id ?? 0;
    if (after === null) return { alertEvents: [], newest };
    const over = this.#store.incidents.list({ state: 'closed', limit: MISSED_AT_MOST });
    const unknown = over.filter(({ id, verdict }) => id > after && verdict === null).reverse();
    return { alertEvents: unknown.map((incident) => this.#alertEvent(incident, 'opened')), newest };
  }

  tell({ id, change }: Pick<IncidentEvent, 'id' | 'change'>): void {
    const incident = this.#store.incidents.byId(id);
    if (!incident) return;
    if (change === 'closed') this.#open.delete(id);
    else this.#open.set(id, incident.count);
    this.#tell('incident', this.#alertEvent(incident, change));
  }

  /** The engine tells when an incident's band changes; here also when it has only grown. */
  tellGrowth(): void {
    for (const [id, count] of this.#open) {
      const incident = this.#store.incidents.byId(id);
      if (!incident || incident.state === 'closed') this.#open.delete(id);
      else if (incident.count !== count) this.tell({ id, change: 'extended' });
    }
  }

  row(incident: Incident): AlertRow {
    const { id, subjectId, band, peak, count, firstTime, lastTime, state, verdict } = incident;
    const why = explanationOf(incident);
    const sentence = why?.sentence ?? reasonDamaged(incident);
    const alarm = alertThresholdOf(this.#store, this.#options, subjectId);
    return {
      id,
      user: this.#store.subjects.byId(subjectId)?.name ?? '?',
      band: band as Band,
      severity: alarm === undefined ? null : severityOf(peak, alarm),
      count,
      firstTime,
      lastTime,
      state,
      verdict,
      sentence,
      headline: this.#storyOf(incident)?.headline ?? null,
    };
  }

  /** @throws AskFailed where what is stored of its reason is damaged */
  detail(incident: Incident): AlertDetail {
    const why = explanationOf(incident);
    const story = this.#storyOf(incident);
    if (!why || !story) throw new AskFailed('failed', reasonDamaged(incident));
    const given = this.#store.feedback
      .list(incident.subjectId)
      .filter(({ incidentId, undoneAt }) => incidentId === incident.id && undoneAt === null);
    const { learning } = this.#options.pack;
    const row = this.row(incident);
    return {
      ...row,
      ...answersTo({ store: this.#store, learning }, incident, story, thisMachine()),
      peak: incident.peak,
      story,
      factors: why.factors.map(({ by, ...factor }) => ({ ...factor, by: Object.keys(by) })),
      votes: why.votes.map(({ detector, z, share }) => ({ detector, z, share })),
      actions: why.actions.map((action) => this.#asRow(action)),
      ...this.#around(incident.subjectId, why.actions[0]?.id),
      feedback: given.map(({ id, verdict, scope, expires }) => ({
        id,
        verdict,
        scope: scope === null ? null : scopeText(scope, learning, row.user),
        expires,
        holds: scope === null ? null : partsOf(scope, learning),
      })),
      rest: why.rest,
      familiar: why.familiar,
      surprises: why.surprises,
      nearest: why.nearest,
      rank: why.rank,
      chance: why.chance,
    };
  }

  /** @throws AskFailed where what is stored of its reason is damaged */
  report(incident: Incident, { format, language }: Pick<ReportAsked, 'format' | 'language'>): AlertFile {
    const asked = { store: this.#store, learning: this.#options.pack.learning };
    const { severity } = this.row(incident);
    const options = { language, severity, machine: thisMachine(), version: packageJson.version };
    try {
      return fileOf(reportOf(asked, incident, { ...options, now: this.#options.now() }), format);
    } catch (error) {
      if (error instanceof NoReport) throw new AskFailed('failed', error.message);
      throw error;
    }
  }

  #storyOf(incident: Incident): Story | undefined {
    const { id, lastAction } = incident;
    const known = this.#stories.get(id);
    if (known?.lastAction === lastAction) return known.story;
    const made = storyOfIncident({ store: this.#store, learning: this.#options.pack.learning }, incident);
    if (!made || made === explanationOf(incident)?.story) return made;
    if (this.#stories.size >= STORIES_KEPT) this.#stories.clear();
    this.#stories.set(id, { lastAction, story: made });
    return made;
  }

  #asRow(action: AnomalousAction): ActionRow {
    const { id, time, query, columns, score } = action;
    const stored = this.#store.actions.byId(id);
    const where = stored ? whereOf(stored) : null;
    return { id, time, query, ...tellAction(action, this.#options.pack.learning), columns, where, score };
  }

  /** What came just before and after the strangest action. */
  #around(subjectId: number, id: number | undefined): Pick<AlertDetail, 'before' | 'after'> {
    if (id === undefined) return { before: [], after: [] };
    const row = (stored: StoredAction): ActionRow =>
      rowOf(stored, this.#options.pack.learning, this.#store.scores.of(stored.id)?.score ?? null);
    const { actions } = this.#store;
    return {
      before: actions.before(subjectId, id, AROUND).map(row),
      after: actions.next(subjectId, id, AROUND).map(row),
    };
  }

  #alertEvent(incident: Incident, change: AlertEvent['change']): AlertEvent {
    const { sentence: _namesCommands, headline: _namesThemToo, ...row } = this.row(incident);
    const why = explanationOf(incident);
    const { subjectId, lastTime } = incident;
    const slots = (from: number, to: number) => this.#store.summaries.slots(subjectId, from, to, SLOT);
    const act = this.#storyOf(incident)?.act ?? 'other';
    const here = isHere(this.#store.actions.byId(incident.lastAction)?.host, thisMachine());
    return { ...row, change, act, here, rank: why?.rank ?? null, usual: usualBand(slots, lastTime) };
  }
}
