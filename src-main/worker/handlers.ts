import type { engineCalls } from '../contract.ts';
import type { EngineStatus, UserStatus } from '../contract/alerts.ts';
import { NoScope, previewOfAlert, scopeOfAlert } from '../engine/alert-rule.ts';
import { describe } from '../engine/describe.ts';
import { giveFeedback, undoFeedback } from '../engine/feedback.ts';
import { scopeText, type Scope, type ScopeKind } from '../engine/scope.ts';
import type { Incident } from '../engine/store/incidents.ts';
import type { Subject } from '../engine/store/subjects.ts';
import { AskFailed, type Handlers } from '../ipc.ts';
import type { Room } from './room.ts';
import type { Tell } from './serve.ts';

const DAY = 86_400;
/** Open alerts that the tray's menu names. */
const NAMED = 3;

/** What the worker answers: the engine's stores and rules, in the words of the contract. */
export function handlersOn(room: Room, tell: Tell): Handlers<typeof engineCalls> {
  const incidentOf = (id: number): Incident => {
    const incident = room.opened.store.incidents.byId(id);
    if (!incident) throw new AskFailed('not-found', `There is no alert ${id}.`);
    return incident;
  };
  const subjectOf = (name: string): Subject => {
    const subject = room.opened.store.subjects.byName(name);
    if (!subject) throw new AskFailed('not-found', `There is no user ${name}.`);
    return subject;
  };
  const scopeFrom = (incident: Incident, kinds: readonly ScopeKind[]): Scope => {
    try {
      return scopeOfAlert(incident, kinds, room.opened.options.pack.learning);
    } catch (error) {
      if (error instanceof NoScope) throw new AskFailed('refused', error.message);
      throw error;
    }
  };

  return {
    applySettings: (settings) => room.apply(settings),
    checkpoint: (path) => room.opened.engine.checkpoint(path) ?? null,
    ingest: (batch) => room.ingest(batch),
    missed: (after) => room.opened.incidents.missed(after),
    close: () => room.close(),

    status: () => statusOf(room),
    alerts({ user, band, state, before, limit }) {
      const { store, incidents } = room.opened;
      const filter = { ...(band && { band }), ...(state && { state }), ...(before && { beforeId: before }), limit };
      const found = store.incidents.list({ ...filter, ...(user && { subjectId: subjectOf(user).id }) });
      return found.map((incident) => incidents.row(incident));
    },
    alert: (id) => room.opened.incidents.detail(incidentOf(id)),
    mark({ alert, kinds, verdict, days }) {
      const { store, options } = room.opened;
      const incident = incidentOf(alert);
      const scope = kinds.length > 0 ? scopeFrom(incident, kinds) : undefined;
      const expires = days === null ? null : options.now() + days * DAY;
      const said = { incident, verdict, ...(scope && { scope }), expires };
      const id = store.transaction(() => giveFeedback(store, said, options.now()));
      tell('status', statusOf(room));
      return id;
    },
    undo(id) {
      const { store, options } = room.opened;
      const stood = store.transaction(() => undoFeedback(store, id, options.now()));
      tell('status', statusOf(room));
      return stood;
    },
    preview({ alert, kinds }) {
      const { store, options } = room.opened;
      const incident = incidentOf(alert);
      const scope = scopeFrom(incident, kinds);
      const notice = (text: string): void => {
        tell('notice', text);
      };
      const { days, incidents, hidden } = previewOfAlert(store, incident, scope, options, notice);
      return { scope: scopeText(scope), days, incidents, hidden };
    },
    timeline({ user, limit, before }) {
      const { store, options } = room.opened;
      return store.actions.timeline(subjectOf(user).id, limit, before).map(({ id, action, scored }) => ({
        ...{ id, time: action.time, query: action.query, columns: action.columns },
        text: describe(action, options.pack.learning),
        ...{ score: scored?.score ?? null, window: scored?.window ?? null, incident: scored?.incidentId ?? null },
      }));
    },
    models() {
      const { store } = room.opened;
      return store.versions.list().map(({ id, subjectId, algorithm, createdAt, active }) => {
        const user = store.subjects.byId(subjectId)?.name ?? '?';
        return { version: id, user, algorithm, created: createdAt, active };
      });
    },
    async rollback(version) {
      if (!room.opened.store.versions.byId(version)) {
        throw new AskFailed('not-found', `There is no model version ${version}.`);
      }
      await room.renew((store) => {
        store.versions.activate(version);
      });
    },
    trainNow: (user) => room.trainNow(user),
  };
}

function statusOf(room: Room): EngineStatus {
  const { store, options, incidents } = room.opened;
  const users = store.subjects.list().map(({ id, name, stored, lastSeen }): UserStatus => {
    const version = store.versions.active(id, options.algorithm);
    const progress = room.training.get(name);
    const openAlerts = store.incidents.list({ subjectId: id, state: 'open' }).length;
    const wait = { state: 'learning', progress: Math.min(1, stored / options.trainAfter) } as const;
    const model = version ? ({ state: 'ready', version: version.id } as const) : wait;
    const told = progress === undefined ? model : ({ state: 'training', progress } as const);
    return { name, actions: stored, lastSeen, openAlerts, model: told };
  });
  const last = store.incidents.list({ state: 'open', limit: NAMED });
  return {
    users,
    openAlerts: users.reduce((sum, { openAlerts }) => sum + openAlerts, 0),
    lastAlerts: last.map((incident) => incidents.row(incident)),
    refused: store.refusals.counts().map(({ reason, count }) => ({ reason, count })),
    lost: store.losses.list().map(({ host, query, count }) => ({ host, query, count })),
    databaseBytes: store.sizes().databaseBytes,
  };
}
