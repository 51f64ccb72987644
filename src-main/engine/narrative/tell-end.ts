import { sentenceOf } from '../explanation/explain.ts';
import { explanationOf } from '../explanation/explanation.ts';
import type { Familiar } from './familiar.ts';
import { storyOfIncident, type Teller } from './tell-incident.ts';

/**
 * Stores the story of an incident that is over with all that happened in it.
 * @param user whose it is
 * @param past of the incident that began with the action `since`, where that is known
 * @returns its last action
 */
export function tellToItsEnd(
  teller: Teller,
  id: number,
  user: string,
  past?: { readonly since: number; readonly familiar: Familiar },
): number {
  const { incidents } = teller.store;
  const incident = incidents.byId(id)!;
  const why = explanationOf(incident);
  const known = past?.since === why?.story?.since ? past?.familiar : undefined;
  const story = why?.story && storyOfIncident(teller, incident, known);
  if (why && story && story !== why.story) {
    const explanation = { ...why, story, sentence: sentenceOf(user, story, why.rank) };
    incidents.extend(id, { ...incident, explanation });
  }
  return incident.lastAction;
}
