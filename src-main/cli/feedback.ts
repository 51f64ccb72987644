import type { Action } from '../../models/action.ts';
import type { Explanation } from '../engine/explain.ts';
import { giveFeedback, undoFeedback } from '../engine/feedback.ts';
import { previewOf, type Preview } from '../engine/preview.ts';
import type { EngineOptions } from '../engine/options.ts';
import type { Pack } from '../engine/reading/pack.ts';
import { scopeKinds, scopeOf, scopeText, type Scope, type ScopeKind } from '../engine/scope.ts';
import type { Incident } from '../engine/store/incidents.ts';
import type { Store } from '../engine/store/store.ts';
import { loadVersion } from '../engine/versions.ts';
import { exitCodes, Failure } from './failure.ts';
import { clock, note, say, sayJson, table } from './output.ts';
import { engineOptions, now, settingsOf, withStore, type InspectOptions, type Shared } from './setup.ts';

export interface MarkOptions extends InspectOptions {
  readonly scope?: string;
  readonly days?: string;
  readonly preview?: boolean;
}

const DAY = 86_400;
/** Days of the past that a preview looks at. */
const LOOKS_AT = 30;

/** `ubad alerts mark ID normal|suspicious|none` */
export async function markAlert(id: string, verdict: string, options: MarkOptions): Promise<void> {
  if (verdict !== 'normal' && verdict !== 'suspicious' && verdict !== 'none') {
    throw new Failure(`«${verdict}»: use normal, suspicious or none.`, exitCodes.usage);
  }
  const engine = await engineOptions(settingsOf(options), options.subject);
  withStore(options, options.preview ?? false, (store) => {
    const incident = store.incidents.byId(Number(id));
    if (!incident) throw new Failure(`no alert ${id}; see: ubad alerts list`, exitCodes.usage);
    if (verdict === 'none') {
      takeBack(store, incident);
      say(`alert ${id}: nothing is said of it any more`);
      return;
    }
    const scope = scopeFrom(incident, options.scope, engine.pack);
    if (options.preview) {
      if (!scope || verdict !== 'normal') throw new Failure('--preview needs normal and a --scope.', exitCodes.usage);
      tell(preview(store, incident, scope, engine), scope, options);
      return;
    }
    const expires = options.days === undefined ? null : now() + daysOf(options.days) * DAY;
    const said = store.transaction(() =>
      giveFeedback(store, { incident, verdict, ...(scope && { scope }), expires }, now()),
    );
    say(scope ? `alert ${id}: ${verdict}; rule ${said}: ${scopeText(scope)}` : `alert ${id}: ${verdict}`);
  });
}

/** `ubad rules list` */
export function listRules(options: MarkOptions): void {
  withStore(options, true, (store) => {
    const rules = store.subjects.list().flatMap(({ id, name }) =>
      store.feedback
        .standing(id, now())
        .filter(({ scope }) => scope !== null)
        .map((rule) => ({ ...rule, subject: name })),
    );
    if (options.json) sayJson(rules);
    else {
      const rows = rules.map(({ id, subject, verdict, scope, expires }) => [
        ...[id, subject, verdict, scopeText(scope as Scope)],
        expires === null ? 'for good' : `until ${clock(expires)}`,
      ]);
      say(table(['rule', 'subject', 'says', 'of', 'holds'], rows));
    }
  });
}

/** `ubad rules remove ID` */
export function removeRule(id: string, options: Shared): void {
  withStore(options, false, (store) => {
    const stood = store.transaction(() => undoFeedback(store, Number(id), now()));
    if (!stood) throw new Failure(`no rule ${id}; see: ubad rules list`, exitCodes.usage);
    say(`rule ${id} is taken back`);
  });
}

function takeBack(store: Store, { id, subjectId }: Incident): void {
  store.transaction(() => {
    for (const said of store.feedback.list(subjectId)) {
      if (said.incidentId === id) undoFeedback(store, said.id, now());
    }
    store.incidents.mark(id, null);
  });
}

function daysOf(text: string): number {
  const days = Number(text);
  if (!(days > 0)) throw new Failure(`--days «${text}»: use a number above 0.`, exitCodes.usage);
  return days;
}

/** The scope that fits the incident's strangest action. @param kinds "program", or several with commas between */
function scopeFrom({ id, explanation }: Incident, kinds: string | undefined, pack: Pack): Scope | undefined {
  if (kinds === undefined) return undefined;
  const strangest = (explanation as Explanation).actions[0];
  if (!strangest) throw new Failure(`alert ${id} names no action to make a rule from.`, exitCodes.usage);
  const action: Action = { ...strangest, change: 'added' };
  const scopes = kinds.split(',').map((kind) => {
    if (!scopeKinds.includes(kind as ScopeKind)) {
      throw new Failure(`--scope «${kind}»: use ${scopeKinds.join(', ')}, or several with commas.`, exitCodes.usage);
    }
    const scope = scopeOf(action, kind as ScopeKind, pack.learning);
    if (!scope) throw new Failure(`--scope ${kind}: the strangest action of alert ${id} has none.`, exitCodes.usage);
    return scope;
  });
  return Object.assign({}, ...scopes) as Scope;
}

function preview(store: Store, { subjectId }: Incident, scope: Scope, engine: EngineOptions): Preview {
  const { pack, windowLength, sensitivity, algorithm, math } = engine;
  const versions = store.versions.list(subjectId);
  const used = versions.find((version) => version.active && version.algorithm === algorithm) ?? versions.at(-1);
  const until = store.subjects.byId(subjectId)?.lastSeen ?? now();
  const model = () =>
    used && loadVersion(store, subjectId, used.algorithm, pack, (manifest) => ({ ...manifest, math }), note)?.model;
  return previewOf({ store, pack, sensitivity, windowLength, model }, subjectId, scope, LOOKS_AT, until);
}

function tell({ days, incidents, hidden }: Preview, scope: Scope, { json }: MarkOptions): void {
  if (json) {
    sayJson({ scope, days, incidents, hidden });
    return;
  }
  const count = (bands: Readonly<Record<string, number>>): number =>
    Object.values(bands).reduce((sum, one) => sum + one, 0);
  const bands = Object.entries(hidden).map(([band, one]) => `${one} ${band}`);
  const which = bands.length > 0 ? ` (${bands.join(', ')})` : '';
  say(
    `${scopeText(scope)}: would have hidden ${count(hidden)} of the last ${days} days' ${count(incidents)} alerts${which}`,
  );
}
