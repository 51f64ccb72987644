import type { feedbackCalls } from '../../contract/contract.ts';
import { AskFailed, type Handlers } from '../../contract/ipc.ts';
import { NoScope, previewOfAlert, scopeOfAlert, type RuleWanted } from '../../engine/feedback/alert-rule.ts';
import { giveFeedback, undoFeedback } from '../../engine/feedback/feedback.ts';
import { partsOf, scopeText, type Scope } from '../../engine/feedback/scope.ts';
import type { Incident } from '../../engine/store/incidents.ts';
import { feedbackOf, rulesOf } from '../views/feedback.ts';
import type { Context } from './context.ts';

const DAY = 86_400;

/** What a person says of alerts, and the rules that come of it. */
export function feedbackHandlers({
  session,
  tell,
  tellStatus,
  view,
  incidentOf,
}: Context): Handlers<typeof feedbackCalls> {
  const scopeFrom = (incident: Incident, wanted: RuleWanted): Scope => {
    const { store, options } = session.opened;
    try {
      return scopeOfAlert({ store, learning: options.pack.learning }, incident, wanted);
    } catch (error) {
      if (error instanceof NoScope) throw new AskFailed('refused', error.message);
      throw error;
    }
  };
  return {
    mark({ alert, action, kinds, verdict, days }) {
      const { store, options } = session.opened;
      const incident = incidentOf(alert);
      const scope = kinds.length > 0 ? scopeFrom(incident, { kinds, action }) : undefined;
      const expires = days === null ? null : options.now() + days * DAY;
      const feedback = { incident, verdict, ...(scope && { scope }), expires };
      const id = store.transaction(() => giveFeedback(store, feedback, options.now()));
      tellStatus();
      return id;
    },
    undo(id) {
      const { store, options } = session.opened;
      const stood = store.transaction(() => undoFeedback(store, id, options.now()));
      tellStatus();
      return stood;
    },
    markAll({ alerts, verdict }) {
      const { store, options } = session.opened;
      const incidents = alerts.map(incidentOf);
      const ids = store.transaction(() =>
        incidents.map((incident) => giveFeedback(store, { incident, verdict, expires: null }, options.now())),
      );
      tellStatus();
      return ids;
    },
    undoAll(ids) {
      const { store, options } = session.opened;
      const stood = store.transaction(() => ids.filter((id) => undoFeedback(store, id, options.now())).length);
      tellStatus();
      return stood;
    },
    preview({ alert, action, kinds }) {
      const { store, options } = session.opened;
      const incident = incidentOf(alert);
      const scope = scopeFrom(incident, { kinds, action });
      const notice = (text: string): void => {
        tell('notice', text);
      };
      const { alerts, ...preview } = previewOfAlert(store, incident, scope, options, notice);
      const user = store.subjects.byId(incident.subjectId)?.name ?? '?';
      return {
        scope: scopeText(scope, options.pack.learning, user),
        holds: partsOf(scope, options.pack.learning),
        ...preview,
        alerts: alerts
          .map((one) => session.opened.incidents.row(one))
          .map(({ id, band, headline }) => ({ id, band, headline })),
      };
    },
    rules: () => rulesOf(view()),
    feedback: (asked) => feedbackOf(view(), asked),
  };
}
