import type { Action } from '../../../models/action.ts';
import { explanationOf, reasonDamaged } from '../explanation/explanation.ts';
import type { EngineOptions, UserMessage } from '../options.ts';
import { previewOf, type Preview } from './preview.ts';
import type { Pack } from '../reading/pack.ts';
import { scopeOf, type Scope, type ScopeKind } from './scope.ts';
import type { Incident } from '../store/incidents.ts';
import type { Store } from '../store/store.ts';
import { loadVersion } from '../model-lifecycle/versions.ts';

/** Days of the past that a preview looks at. */
const LOOKS_AT = 30;

/** No such rule can be made of the alert. */
export class NoScope extends Error {
  override readonly name = 'NoScope';
}

/**
 * The scope that fits an alert's strangest action.
 * @param kinds one or more; together they fit less than each alone
 * @throws NoScope saying what the action lacks
 */
export function scopeOfAlert(incident: Incident, kinds: readonly ScopeKind[], learning: Pack['learning']): Scope {
  const { id } = incident;
  const why = explanationOf(incident);
  if (!why) throw new NoScope(reasonDamaged(incident));
  const [strangest] = why.actions;
  if (!strangest) throw new NoScope(`alert ${id} names no action to make a rule from.`);
  const action: Action = { ...strangest, change: 'added' };
  const scopes = kinds.map((kind) => {
    const scope = scopeOf(action, kind, learning);
    if (!scope) throw new NoScope(`scope ${kind}: the strangest action of alert ${id} has none.`);
    return scope;
  });
  return Object.assign({}, ...scopes) as Scope;
}

/** What calling this scope normal would have hidden of the user's last 30 days. */
export function previewOfAlert(
  store: Store,
  { subjectId }: Incident,
  scope: Scope,
  options: EngineOptions,
  notice: UserMessage,
): Preview {
  const { pack, windowLength, sensitivity, algorithm, math, now } = options;
  const versions = store.versions.list(subjectId);
  const used = versions.find((version) => version.active && version.algorithm === algorithm) ?? versions.at(-1);
  const until = store.subjects.byId(subjectId)?.lastSeen ?? now();
  const model = () =>
    used && loadVersion(store, subjectId, used.algorithm, pack, (manifest) => ({ ...manifest, math }), notice)?.model;
  return previewOf({ store, pack, sensitivity, windowLength, model }, subjectId, scope, LOOKS_AT, until);
}
