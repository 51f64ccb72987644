import type { EngineStatus, UserStatus } from '../../contract/alerts.ts';
import type { Subject } from '../../engine/store/subjects.ts';
import { missingOf, type View } from './view.ts';

/** Alerts that the tray's menu names. */
const NAMED = 3;

export function userStatus(view: View, subject: Subject): UserStatus {
  const { store, options, training } = view;
  const { id, name, stored, lastSeen } = subject;
  const version = store.versions.active(id, options.algorithm);
  const trained = training.get(name);
  const openAlerts = store.incidents.countOpen(id);
  const waitingAlerts = store.incidents.countWaiting(id);
  const newAlerts = store.incidents.countNew(id);
  const learned = (): number => 1 - Math.min(1, missingOf(view, subject) / options.trainAfter);
  const model = version
    ? ({ state: 'ready', version: version.id } as const)
    : ({ state: 'learning', progress: learned() } as const);
  const told = trained ? ({ state: 'training', progress: trained.progress } as const) : model;
  return { name, actions: stored, lastSeen, openAlerts, waitingAlerts, newAlerts, model: told };
}

export function statusOf(view: View): EngineStatus {
  const { store, incidents } = view;
  const users = store.subjects.list().map((subject) => userStatus(view, subject));
  const last = store.incidents.list({ current: true, limit: NAMED });
  return {
    users,
    openAlerts: users.reduce((sum, { openAlerts }) => sum + openAlerts, 0),
    waitingAlerts: users.reduce((sum, { waitingAlerts }) => sum + waitingAlerts, 0),
    newAlerts: users.reduce((sum, { newAlerts }) => sum + newAlerts, 0),
    lastAlerts: last.map((incident) => incidents.row(incident)),
    refused: store.refusals.counts().map(({ reason, count }) => ({ reason, count })),
    lost: store.losses.list().map(({ host, query, count }) => ({ host, query, count })),
    databaseBytes: store.sizes().databaseBytes,
  };
}
