/** What is new in an alert, by which users are compared: facts, which are known of everybody without a look at what they did. */
import { factName, Facts } from '../../../models/facts/facts.ts';
import { KNOWN_AFTER, Memory } from '../../../models/facts/memory.ts';
import { comparedKinds, type ComparedFact, type ComparedKind } from '../../contract/compared.ts';
import { isMachine } from '../../contract/subjects.ts';
import type { Incident } from '../store/incidents.ts';
import type { Store } from '../store/store.ts';

/** Facts of an incident, and of them those of one kind: a scan's thousand ports are no thousand habits. */
const [MOST, MOST_OF_A_KIND] = [16, 4];

/** What an incident's actions told that is not known of its user, most surprising first; at most 16, and 4 of a kind. */
export function newFactsOf(store: Store, incident: Incident): ComparedFact[] {
  const subject = store.subjects.byId(incident.subjectId);
  if (!subject) return [];
  const saved = store.subjectState.facts(subject.id)?.saved;
  const known = new Set(saved?.memory.facts.flatMap(([name, days]) => (days >= KNOWN_AFTER ? [name] : [])));
  // Nothing is known to it: it tells all that there is, with who started whom.
  const facts = new Facts(isMachine(subject.name), saved && { ...saved, memory: new Memory().save() });
  const found = new Map<string, ComparedFact & { readonly surprise: number }>();
  for (const { actionId } of store.scores.ofIncident(incident.id)) {
    const stored = store.actions.byId(actionId);
    if (!stored) continue;
    for (const fact of facts.see({ ...stored.action, baseline: false }).newFacts) {
      const { key, surprise, program = null } = fact;
      const [name, kind] = [factName(fact), comparedKinds.find((one) => one === fact.family.split(' ', 1)[0])];
      if (kind !== undefined && !known.has(name) && !found.has(name))
        found.set(name, { name, kind, key, program, surprise });
    }
    facts.keep(false);
  }
  const counts = new Map<ComparedKind, number>();
  return [...found.values()]
    .sort((a, b) => b.surprise - a.surprise)
    .filter(({ kind }) => {
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      return count <= MOST_OF_A_KIND;
    })
    .slice(0, MOST)
    .map(({ surprise: _, ...fact }) => fact);
}

/** Every user of whom facts are kept, by name, and which of these facts are known of them: their places in the list. */
export function whoKnows(
  store: Store,
  names: readonly string[],
): { readonly user: string; readonly knows: number[] }[] {
  const knows = names.map((name) => new Set(store.subjectState.knowing(name, KNOWN_AFTER)));
  return store.subjects
    .list(store.subjectState.withFacts())
    .filter(({ name }) => !isMachine(name))
    .map(({ id, name }) => ({ user: name, knows: knows.flatMap((ids, n) => (ids.has(id) ? [n] : [])) }));
}
