import { message } from '../../contract/story/messages.ts';
import { scopeKinds, type ScopeKind } from '../../contract/story/scope-kinds.ts';
import { ruleActs, type Asked } from '../answer/offers.ts';
import { explanationOf, reasonDamaged } from '../explanation/explanation.ts';
import type { EngineOptions, UserMessage } from '../options.ts';
import { previewOf, type Preview } from './preview.ts';
import { scopeOf, scopeOfKinds, type Scope } from './scope.ts';
import type { Incident } from '../store/incidents.ts';
import type { Store } from '../store/store.ts';
import { loadVersion } from '../model-lifecycle/versions.ts';

/** Days of the past that a preview looks at. */
const LOOKS_AT = 30;

/** No such rule can be made of the alert. */
export class NoScope extends Error {
  override readonly name = 'NoScope';
}

/** Of which act of an alert a rule is made, and how. */
export interface RuleWanted {
  /** One or more; together they fit less than each alone. */
  readonly kinds: readonly ScopeKind[];
  /** The action; undefined: the act that heads the alert. */
  readonly action?: number | undefined;
}

/** The scope that fits an act of an alert. @throws NoScope saying what the act lacks */
export function scopeOfAlert(asked: Asked, incident: Incident, { kinds, action: id }: RuleWanted): Scope {
  if (!explanationOf(incident)) throw new NoScope(reasonDamaged(incident));
  const acts = ruleActs(asked, incident);
  const act = id === undefined ? acts[0] : acts.find((one) => one.id === id);
  if (!act) {
    throw new NoScope(
      id === undefined
        ? message('rule.no-acts', { id: incident.id })
        : message('rule.no-act', { id: incident.id, act: id }),
    );
  }
  const { action } = act;
  const missing = kinds.find((kind) => scopeOf(action, kind, asked.learning) === undefined);
  if (missing) {
    const able = scopeKinds.filter((kind) => scopeOf(action, kind, asked.learning) !== undefined);
    throw new NoScope(message('rule.no-scope', { scope: missing, id: incident.id, scopes: able.join(', ') }));
  }
  return scopeOfKinds(action, kinds, asked.learning)!;
}

/** What calling this scope normal would have hidden of the user's last 30 days. */
export function previewOfAlert(
  store: Store,
  incident: Incident,
  scope: Scope,
  options: EngineOptions,
  notice: UserMessage,
): Preview {
  const { subjectId } = incident;
  const { pack, windowLength, sensitivity, algorithm, math, now } = options;
  const versions = store.versions.list(subjectId);
  const used = versions.find((version) => version.active && version.algorithm === algorithm) ?? versions.at(-1);
  const until = store.subjects.byId(subjectId)?.lastSeen ?? now();
  const model = () =>
    used && loadVersion(store, subjectId, used.algorithm, pack, (manifest) => ({ ...manifest, math }), notice)?.model;
  return previewOf({ store, pack, sensitivity, windowLength, model }, incident, scope, LOOKS_AT, until);
}
