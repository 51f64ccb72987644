import type { engineCalls } from '../contract/contract.ts';
import type { Deleted } from '../contract/privacy.ts';
import { moveReference, returnToReference } from '../engine/model-lifecycle/drift-check.ts';
import { NoScope, previewOfAlert, scopeOfAlert } from '../engine/feedback/alert-rule.ts';
import { giveFeedback, undoFeedback } from '../engine/feedback/feedback.ts';
import { partsOf, scopeText, type Scope, type ScopeKind } from '../engine/feedback/scope.ts';
import type { Incident } from '../engine/store/incidents.ts';
import type { Store } from '../engine/store/store.ts';
import type { Subject } from '../engine/store/subjects.ts';
import { AskFailed, type Handlers } from '../contract/ipc.ts';
import { prepareExample } from './prepare-example.ts';
import type { EngineSession } from './engine-session.ts';
import { rowOf } from './rows.ts';
import type { Tell } from './serve.ts';
import { modelsOf } from './views/models.ts';
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
  const scopeFrom = (incident: Incident, kinds: readonly ScopeKind[]): Scope => {
    try {
      return scopeOfAlert(incident, kinds, session.opened.options.pack.learning);
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
    alerts({ user, band, state, before, limit }) {
      const { store, incidents } = session.opened;
      const filter = { ...(band && { band }), ...(state && { state }), ...(before && { beforeId: before }), limit };
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
    mark({ alert, kinds, verdict, days }) {
      const { store, options } = session.opened;
      const incident = incidentOf(alert);
      const scope = kinds.length > 0 ? scopeFrom(incident, kinds) : undefined;
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
    preview({ alert, kinds }) {
      const { store, options } = session.opened;
      const incident = incidentOf(alert);
      const scope = scopeFrom(incident, kinds);
      const notice = (text: string): void => {
        tell('notice', text);
      };
      const { days, incidents, hidden } = previewOfAlert(store, incident, scope, options, notice);
      return { scope: scopeText(scope), holds: partsOf(scope, options.pack.learning), days, incidents, hidden };
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
