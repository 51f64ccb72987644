import type { engineCalls } from '../contract/contract.ts';
import type { Deleted } from '../contract/privacy.ts';
import { moveReference, returnToReference } from '../engine/model-lifecycle/drift-check.ts';
import { NoScope, previewOfAlert, scopeOfAlert, type RuleWanted } from '../engine/feedback/alert-rule.ts';
import { giveFeedback, undoFeedback } from '../engine/feedback/feedback.ts';
import { partsOf, scopeText, type Scope } from '../engine/feedback/scope.ts';
import type { Incident } from '../engine/store/incidents.ts';
import type { Store } from '../engine/store/store.ts';
import type { Subject } from '../engine/store/subjects.ts';
import { AskFailed, type Handlers } from '../contract/ipc.ts';
import { prepareExample } from './prepare-example.ts';
import type { EngineSession } from './engine-session.ts';
import { rowOf } from './rows.ts';
import type { Tell } from './serve.ts';
import { modelsOf } from './views/models.ts';
import { nearMissesOf } from './views/near-misses.ts';
import { overviewOf } from './views/overview.ts';
import { exportOf, forget } from './views/privacy.ts';
import { feedbackOf, rulesOf } from './views/feedback.ts';
import { statusOf } from './views/status.ts';
import { hoursOf, searchIn, seriesOf, spansOf } from './views/timeline.ts';
import type { View } from './views/view.ts';

const DAY = 86_400;
const MOST_REMEMBERED = 1000;

/** What the worker answers: the engine's stores and rules, in the words of the contract. */
export function handlersOn(session: EngineSession, tell: Tell): Handlers<typeof engineCalls> {
  const incidentOf = (id: number): Incident => {
    const incident = session.opened.store.incidents.byId(id);
    if (!incident) throw new AskFailed('not-found', `There is no alert ${id}.`);
    return incident;
  };
  const subjectOf = (name: string): Subject => {
    const subject = session.opened.store.subjects.byName(name);
    if (!subject) throw new AskFailed('not-found', `There is no user ${name}.`);
    return subject;
  };
  const scopeFrom = (incident: Incident, wanted: RuleWanted): Scope => {
    const { store, options } = session.opened;
    try {
      return scopeOfAlert({ store, learning: options.pack.learning }, incident, wanted);
    } catch (error) {
      if (error instanceof NoScope) throw new AskFailed('refused', error.message);
      throw error;
    }
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
  const forgetting = async (work: (store: Store) => Deleted): Promise<Deleted> => {
    const gone = await session.forget(work);
    session.ownLog?.logEvent({ what: 'forgotten', actions: gone.actions });
    remembered.clear();
    tell('status', statusOf(view()));
    return gone;
  };

  return {
    applySettings: (settings) => session.apply(settings),
    prepareExample: (example) => prepareExample(session, example, tell),
    checkpoint: (path) => session.checkpoint(path),
    ingest: (batch) => session.ingest(batch),
    missed: (after) => session.opened.incidents.missed(after),
    close: () => session.close(),

    status: () => statusOf(view()),
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
    acknowledge(id) {
      const { store } = session.opened;
      // Asked each time that somebody looks: what is known already is not written again.
      if (incidentOf(id).seen) return;
      store.transaction(() => {
        store.incidents.look(id);
      });
      tell('status', statusOf(view()));
    },
    mark({ alert, action, kinds, verdict, days }) {
      const { store, options } = session.opened;
      const incident = incidentOf(alert);
      const scope = kinds.length > 0 ? scopeFrom(incident, { kinds, action }) : undefined;
      const expires = days === null ? null : options.now() + days * DAY;
      const said = { incident, verdict, ...(scope && { scope }), expires };
      const id = store.transaction(() => giveFeedback(store, said, options.now()));
      tell('status', statusOf(view()));
      return id;
    },
    undo(id) {
      const { store, options } = session.opened;
      const stood = store.transaction(() => undoFeedback(store, id, options.now()));
      tell('status', statusOf(view()));
      return stood;
    },
    markAll({ alerts, verdict }) {
      const { store, options } = session.opened;
      const incidents = alerts.map(incidentOf);
      const ids = store.transaction(() =>
        incidents.map((incident) => giveFeedback(store, { incident, verdict, expires: null }, options.now())),
      );
      tell('status', statusOf(view()));
      return ids;
    },
    undoAll(ids) {
      const { store, options } = session.opened;
      const stood = store.transaction(() => ids.filter((id) => undoFeedback(store, id, options.now())).length);
      tell('status', statusOf(view()));
      return stood;
    },
    tick({ alert, step, done }) {
      const { store, options, incidents } = session.opened;
      const incident = incidentOf(alert);
      if (!incidents.detail(incident).steps.some(({ key }) => key === step))
        throw new AskFailed('not-found', `Alert ${alert} has no step ${step}.`);
      store.transaction(() => {
        store.doneSteps.set(alert, step, done ? options.now() : null);
      });
    },
    report: (asked) => session.opened.incidents.report(incidentOf(asked.alert), asked),
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
    timeline({ user, limit, before }) {
      const { store, options } = session.opened;
      return store.actions.timeline(subjectOf(user).id, limit, before).map(({ scored, ...stored }) => ({
        ...rowOf(stored, options.pack.learning, scored?.score ?? null),
        window: scored?.window ?? null,
        incident: scored?.incidentId ?? null,
      }));
    },
    alertsById: (ids) =>
      ids.flatMap((id) => {
        const incident = session.opened.store.incidents.byId(id);
        return incident ? [session.opened.incidents.row(incident)] : [];
      }),
    recordPause({ from, to }) {
      const { store } = session.opened;
      store.transaction(() => {
        store.pauses.put({ from: from / 1000, to: to / 1000 });
      });
    },
    overview: () => overviewOf(view()),
    series: (asked) => seriesOf(view(), asked),
    spans: (asked) => spansOf(view(), asked),
    nearMisses: () => nearMissesOf(view()),
    hours: (user) => hoursOf(view(), user),
    search: (asked) => searchIn(view(), asked),
    models: () => modelsOf(view()),
    rules: () => rulesOf(view()),
    feedback: (asked) => feedbackOf(view(), asked),
    async deleteUser(user) {
      const { id } = subjectOf(user);
      return forgetting((store) => forget(store, [id], undefined));
    },
    async deleteSince({ user, seconds }) {
      const { store, options } = session.opened;
      const ids = user === undefined ? store.subjects.list().map(({ id }) => id) : [subjectOf(user).id];
      const since = options.now() - seconds;
      return forgetting((open) => {
        if (user === undefined) open.forget.refusedSince(since);
        return forget(open, ids, since);
      });
    },
    exportUser: (asked) => exportOf(view(), asked),
    async rollback(version) {
      if (!session.opened.store.versions.byId(version)) {
        throw new AskFailed('not-found', `There is no model version ${version}.`);
      }
      await session.renew((store) => {
        store.versions.activate(version);
      });
      session.ownLog?.logEvent({ what: 'rolled-back', version });
    },
    async answerSlowChange({ user, mine }) {
      const subject = subjectOf(user);
      const { state, algorithm, now } = session.opened.options;
      await session.renew((store) => {
        const inUse = store.versions.active(subject.id, algorithm);
        if (mine && inUse) moveReference(store, subject, inUse);
        const why = mine ? undefined : returnToReference(store, state, subject, now());
        if (why !== undefined) throw new AskFailed('refused', why);
      });
    },
    trainNow: (user) => session.trainNow(user),
  };
}
