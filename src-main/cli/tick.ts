import { textOf } from '../contract/story/tell.ts';
import { stepsAgainst } from '../engine/answer/answer.ts';
import { thisMachine } from '../engine/answer/machine.ts';
import { reasonDamaged } from '../engine/explanation/explanation.ts';
import { storyOfIncident } from '../engine/narrative/tell-incident.ts';
import { defaultPack } from '../engine/reading/pack.ts';
import { exitCodes, Failure } from './failure.ts';
import { say, sayJson } from './output.ts';
import { now, withStore, type InspectOptions } from './setup.ts';

export interface TickOptions extends InspectOptions {
  readonly undo?: boolean;
}

/** `ubad alerts tick ID STEP`: notes that a person took a step, or that they did not. Nothing is run. */
export function tickStep(id: string, step: string, options: TickOptions): void {
  withStore(options, false, (store) => {
    const incident = store.incidents.byId(Number(id));
    if (!incident) throw new Failure(`no alert ${id}; see: ubad alerts list`, exitCodes.usage);
    const asked = { store, learning: defaultPack().learning };
    const story = storyOfIncident(asked, incident);
    if (!story) throw new Failure(reasonDamaged(incident), exitCodes.failed);
    const steps = stepsAgainst(asked, incident, story, thisMachine());
    const chosen = /^\d{1,3}$/.test(step) ? steps[Number(step) - 1] : undefined;
    if (!chosen)
      throw new Failure(
        `«${step}»: alert ${id} has the steps 1 to ${steps.length}; see: ubad alerts show ${id}`,
        exitCodes.usage,
      );
    const done = options.undo ? null : now();
    store.transaction(() => {
      store.doneSteps.set(incident.id, chosen.key, done);
    });
    if (options.json) sayJson({ ...chosen, done });
    else say(`${options.undo ? 'not done' : 'done'}: ${textOf(chosen.phrase, 'en')}`);
  });
}
