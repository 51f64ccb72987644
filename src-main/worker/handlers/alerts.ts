import type { alertCalls } from '../../contract/contract.ts';
import { AskFailed, type Handlers } from '../../contract/ipc.ts';
import { message } from '../../contract/story/messages.ts';
import type { Context } from './context.ts';

/** What there was to tell, and what was done about it. */
export function alertHandlers({ session, incidentOf, subjectOf, tellStatus }: Context): Handlers<typeof alertCalls> {
  return {
    alerts({ user, band, state, answered, before, limit }) {
      const { store, incidents } = session.opened;
      const filter = {
        ...(band && { band }),
        ...(state && { state }),
        ...(answered !== undefined && { answered }),
        ...(before && { beforeId: before }),
        limit,
      };
      const found = store.incidents.list({ ...filter, ...(user && { subjectId: subjectOf(user).id }) });
      return found.map((incident) => incidents.row(incident));
    },
    alert: (id) => session.opened.incidents.detail(incidentOf(id)),
    alertsById: (ids) =>
      ids.flatMap((id) => {
        const incident = session.opened.store.incidents.byId(id);
        return incident ? [session.opened.incidents.row(incident)] : [];
      }),
    acknowledge(id) {
      const { store } = session.opened;
      // Asked each time that somebody looks: what is known already is not written again.
      if (incidentOf(id).seen) return;
      store.transaction(() => {
        store.incidents.look(id);
      });
      tellStatus();
    },
    tick({ alert, step, done }) {
      const { store, options, incidents } = session.opened;
      const incident = incidentOf(alert);
      if (!incidents.detail(incident).steps.some(({ key }) => key === step))
        throw new AskFailed('not-found', message('not-found.step', { id: alert, step }));
      store.transaction(() => {
        store.doneSteps.set(alert, step, done ? options.now() : null);
      });
    },
    report: (asked) => session.opened.incidents.report(incidentOf(asked.alert), asked),
  };
}
