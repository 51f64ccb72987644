import { AskFailed } from '../../contract/ipc.ts';
import { message } from '../../contract/story/messages.ts';
import type { Incident } from '../../engine/store/incidents.ts';
import type { Subject } from '../../engine/store/subjects.ts';
import type { EngineSession } from '../engine-session.ts';
import type { Tell } from '../serve.ts';
import { statusOf } from '../views/status.ts';
import type { View } from '../views/view.ts';

const MOST_REMEMBERED = 1000;

/** What answers are made of. */
export interface Context {
  readonly session: EngineSession;
  readonly tell: Tell;
  readonly view: () => View;
  readonly tellStatus: () => void;
  /** @throws AskFailed where there is none of that number */
  readonly incidentOf: (id: number) => Incident;
  readonly subjectOf: View['subjectOf'];
  /** What was remembered is of what is not stored any more. */
  readonly forgetRemembered: () => void;
}

export function contextOf(session: EngineSession, tell: Tell): Context {
  const incidentOf = (id: number): Incident => {
    const incident = session.opened.store.incidents.byId(id);
    if (!incident) throw new AskFailed('not-found', message('not-found.alert', { id }));
    return incident;
  };
  const subjectOf = (name: string): Subject => {
    const subject = session.opened.store.subjects.byName(name);
    if (!subject) throw new AskFailed('not-found', message('not-found.user', { user: name }));
    return subject;
  };
  const remembered = new Map<string, number>();
  const view = (): View => ({
    ...session.opened,
    training: session.training,
    lastLine: session.lastLine,
    subjectOf,
    remembered(key, work) {
      const known = remembered.get(key) ?? work();
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.set(key, known);
      return known;
    },
  });
  return {
    session,
    tell,
    view,
    incidentOf,
    subjectOf,
    tellStatus: () => {
      tell('status', statusOf(view()));
    },
    forgetRemembered: () => {
      remembered.clear();
    },
  };
}
