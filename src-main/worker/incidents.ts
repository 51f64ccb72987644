import type { AlertDetail, AlertRow, Band, IncidentNews } from '../contract/alerts.ts';
import type { Missed } from '../contract.ts';
import { describe } from '../engine/describe.ts';
import type { Explanation } from '../engine/explain.ts';
import { linesOf, severityOf } from '../engine/judge.ts';
import type { Manifest } from '../engine/models/manifest.ts';
import type { EngineOptions, IncidentEvent } from '../engine/options.ts';
import { scopeText, type Scope } from '../engine/scope.ts';
import type { Incident } from '../engine/store/incidents.ts';
import type { Store } from '../engine/store/store.ts';
import { QUARTER_SECONDS, usualHours } from '../engine/usual-hours.ts';
import type { Tell } from './serve.ts';

const OPEN_AT_MOST = 100;
/** Of more that nobody was told of, the newest are told. */
const MISSED_AT_MOST = 50;
/** What is usual shows in so many days. */
const USUAL_SECONDS = 30 * 86_400;

/** Incidents as the contract has them; and the news of those that are open. */
export class Incidents {
  readonly #store: Store;
  readonly #options: EngineOptions;
  readonly #tell: Tell;
  /** Open ones, and how many windows they had when they were last told of. */
  readonly #open = new Map<number, number>();

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
    if (after === null) return { news: [], newest };
    const over = this.#store.incidents.list({ state: 'closed', limit: MISSED_AT_MOST });
    const unknown = over.filter(({ id, verdict }) => id > after && verdict === null).reverse();
    return { news: unknown.map((incident) => this.#news(incident, 'opened')), newest };
  }

  tell({ id, change }: Pick<IncidentEvent, 'id' | 'change'>): void {
    const incident = this.#store.incidents.byId(id);
    if (!incident) return;
    if (change === 'closed') this.#open.delete(id);
    else this.#open.set(id, incident.count);
    this.#tell('incident', this.#news(incident, change));
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
    const { sentence } = incident.explanation as Explanation;
    const alarm = this.#alarmOf(subjectId);
    return {
      ...{ id, user: this.#store.subjects.byId(subjectId)?.name ?? '?', band: band as Band },
      severity: alarm === undefined ? null : severityOf(peak, alarm),
      ...{ count, firstTime, lastTime, state, verdict, sentence },
    };
  }

  detail(incident: Incident): AlertDetail {
    const why = incident.explanation as Explanation;
    const { learning } = this.#options.pack;
    const said = this.#store.feedback
      .list(incident.subjectId)
      .filter(({ incidentId, undoneAt }) => incidentId === incident.id && undoneAt === null);
    return {
      ...this.row(incident),
      peak: incident.peak,
      factors: why.factors.map(({ text, share, by }) => ({ text, share, by: Object.keys(by) })),
      votes: why.votes.map(({ detector, z, share }) => ({ detector, z, share })),
      actions: why.actions.map((action) => ({ ...action, text: describe(action, learning) })),
      said: said.map(({ id, verdict, scope, expires }) => {
        return { id, verdict, scope: scope === null ? null : scopeText(scope as Scope), expires };
      }),
      ...{ rest: why.rest, familiar: why.familiar, surprises: why.surprises, nearest: why.nearest },
      ...{ rank: why.rank, chance: why.chance },
    };
  }

  #news(incident: Incident, change: IncidentNews['change']): IncidentNews {
    const { sentence: _namesCommands, ...row } = this.row(incident);
    const { actions, rank } = incident.explanation as Explanation;
    const query = actions[0]?.query;
    const label = query === undefined ? 'behaviour' : (this.#options.pack.learning.get(query)?.label ?? query);
    const what = label.replaceAll('_', ' ').toLowerCase();
    const { subjectId, lastTime } = incident;
    const counts = this.#store.actions.counts(subjectId, lastTime - USUAL_SECONDS, QUARTER_SECONDS);
    return { ...row, change, what, rank, usual: usualHours(counts) ?? null };
  }

  /** Where the user's alarm line is, as z; undefined without a model that says. */
  #alarmOf(subjectId: number): number | undefined {
    const version = this.#store.versions.active(subjectId, this.#options.algorithm);
    const manifest = version?.manifest as Manifest | undefined;
    return manifest && linesOf(manifest.normal, this.#options.sensitivity).alarm;
  }
}
