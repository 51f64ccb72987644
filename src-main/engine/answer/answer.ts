import type { ActOffers, Step } from '../../contract/answer.ts';
import type { Twin } from '../../contract/alerts.ts';
import type { Story } from '../../contract/story/story.ts';
import { short } from '../explanation/describe.ts';
import { explanationOf } from '../explanation/explanation.ts';
import { actOf } from '../narrative/act.ts';
import { actionsTold } from '../narrative/tell-incident.ts';
import type { Incident } from '../store/incidents.ts';
import { invented, type Machine } from './machine.ts';
import { offersOfAlert, type Asked } from './offers.ts';
import { isHere, type StepAct } from './step-act.ts';
import { stepsOf } from './steps.ts';
import { twinsOf } from './twins.ts';

/** All that a person can answer an alert with. */
export interface Answers {
  readonly offers: readonly ActOffers[];
  readonly steps: readonly Step[];
  readonly twins: readonly Twin[];
  /** The alert is about the account in which the answer is given. */
  readonly mine: boolean;
}

/** @param machine on which the answer is given */
export function answersTo(asked: Asked, incident: Incident, story: Story, machine: Machine): Answers {
  return {
    offers: offersOfAlert(asked, incident, story),
    steps: stepsAgainst(asked, incident, story, machine),
    twins: twinsOf(asked, incident, story),
    mine: isMine(asked, incident, story, machine),
  };
}

function isMine(asked: Asked, incident: Incident, story: Story, machine: Machine): boolean {
  const { store } = asked;
  const user = store.subjects.byId(incident.subjectId)?.name;
  if (user === undefined || user !== machine.user || store.state.inventedTimes()) return false;
  const host = actsOf(asked, incident, story).find((one) => one.host !== undefined)?.host;
  return isHere(host, machine);
}

/** The steps against an alert that was not the user, with what of them is done. */
export function stepsAgainst(asked: Asked, incident: Incident, story: Story, machine: Machine): Step[] {
  const { store } = asked;
  const done = store.doneSteps.of(incident.id);
  const user = store.subjects.byId(incident.subjectId)?.name ?? '?';
  const asking = store.state.inventedTimes() ? invented : machine;
  const material = {
    alert: incident.id,
    user: short(user),
    story,
    acts: actsOf(asked, incident, story),
    machine: asking,
  };
  return stepsOf(material).map((step) => ({ ...step, done: done.get(step.key) ?? null }));
}

/** What the story tells; of acts that are no longer stored, what the explanation kept. */
function actsOf({ store, learning }: Asked, incident: Incident, { since, rows }: Story): StepAct[] {
  const { subjectId, lastAction } = incident;
  const stored = actionsTold(store, subjectId, since, lastAction).map(({ id, action, host }) => ({
    act: actOf({ ...action, id }, learning),
    columns: action.columns,
    host,
  }));
  const changes = rows.flatMap((row): StepAct[] => {
    const found = row.ofMachine === true ? store.actions.byId(row.action) : undefined;
    if (!found) return [];
    const { id, action, host } = found;
    return [{ act: actOf({ ...action, id }, learning), columns: action.columns, host }];
  });
  const known = new Set(stored.map(({ act }) => act.id));
  const kept = (explanationOf(incident)?.actions ?? [])
    .filter(({ id }) => !known.has(id))
    .map((action) => ({ act: actOf(action, learning), columns: action.columns, host: undefined }));
  return [...kept, ...stored, ...changes].sort((a, b) => a.act.id - b.act.id);
}
