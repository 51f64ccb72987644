import { closeSync, existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { configFile } from '../settings/config.ts';
import type { Deleted, ExportPage } from '../contract/privacy.ts';
import { visibleJson } from '../contract/visible-text.ts';
import type { Store } from '../engine/store/store.ts';
import type { Subject } from '../engine/store/subjects.ts';
import { putAsideIn } from '../engine/store/put-aside.ts';
import { removeUnnamed } from '../engine/model-lifecycle/versions.ts';
import { Memory } from '../host/memory.ts';
import { Incidents } from '../worker/incidents.ts';
import { exportOf, forget } from '../worker/views/privacy.ts';
import { exitCodes, Failure } from './failure.ts';
import { tellUser, say, sayJson, writeAllRaw } from './output.ts';
import { createPrivate } from './private-file.ts';
import { engineOptions, now, settingsOf, withStore, type InspectOptions, type Shared } from './setup.ts';

export interface ForgetOptions extends InspectOptions {
  readonly lastHours?: string;
  readonly yes?: boolean;
}

const HOUR = 3600;
const MOST_HOURS = 24 * 366 * 100;

/**
 * `ubad forget [USER]`: deletes what is known of a user, or everybody's last hours, with the models that learned from it.
 * Without --yes it only tells what that would be.
 */
export function forgetData(name: string | undefined, options: ForgetOptions): void {
  const hours = hoursIn(options);
  if (name === undefined && hours === undefined)
    throw new Failure('Name a user, or the last hours with --last-hours.', exitCodes.usage);
  withStore(options, options.yes !== true, (store, state) => {
    const subjects = name === undefined ? store.subjects.list() : [subjectOf(store, name)];
    const since = hours === undefined ? undefined : now() - hours * HOUR;
    if (!options.yes) {
      tellBefore(store, subjects, since, options);
      return;
    }
    const gone = store.overwriting(() =>
      store.transaction(() => {
        if (name === undefined && since !== undefined) store.forget.refusedSince(since);
        return forget(
          store,
          subjects.map(({ id }) => id),
          since,
        );
      }),
    );
    removeUnnamed(store, state);
    if (name !== undefined && since === undefined) forgetInMemories(name, options);
    tell(gone, options);
    for (const left of putAsideIn(state))
      tellUser(`${left} was put aside earlier and may still hold it; delete it by yourself`, 'warning');
  });
}

function hoursIn({ lastHours: text }: ForgetOptions): number | undefined {
  if (text === undefined) return undefined;
  const hours = Number(text);
  if (!(hours > 0 && hours <= MOST_HOURS))
    throw new Failure(`--last-hours «${text}»: use a number above 0, such as 1 or 0.5.`, exitCodes.usage);
  return hours;
}

function tellBefore(
  store: Store,
  subjects: readonly Subject[],
  since: number | undefined,
  { json }: ForgetOptions,
): void {
  const counted = subjects.map(({ id, name, stored }) => ({
    user: name,
    actions: since === undefined ? stored : store.summaries.count(id, since, Infinity),
  }));
  if (json) sayJson({ deleted: false, would: counted });
  else {
    for (const { user, actions } of counted) if (actions > 0) say(`${user}: ${actions} actions would be forgotten`);
    say(
      'with their alerts, what was said of those, and the models that learned from them. Nothing is deleted yet: add --yes.',
    );
  }
}

/** What tray program and browser host remember beside the settings, from start to start. */
function forgetInMemories(user: string, { config }: Shared): void {
  const folder = dirname(config === undefined ? configFile() : resolve(config));
  for (const file of ['desktop.json', 'browser.json'].map((name) => join(folder, name)))
    if (existsSync(file)) new Memory(file).forgetUser(user);
}

function tell({ actions, alerts, models }: Deleted, { json }: ForgetOptions): void {
  if (json) sayJson({ deleted: true, actions, alerts, models });
  else
    say(`forgotten: ${actions} actions, ${alerts} alerts, ${models} models. What osquery logged is still in its log.`);
}

export interface ExportOptions extends Shared {
  readonly out?: string;
}

/** `ubad export USER`: all that is known of a user, as one JSON object, also while the engine runs. */
export async function exportData(name: string, options: ExportOptions): Promise<void> {
  const engine = await engineOptions(settingsOf(options), undefined);
  withStore(options, true, (store) => {
    const incidents = new Incidents(store, engine, () => undefined);
    const view = { store, options: engine, incidents, subjectOf: (user: string) => subjectOf(store, user) };
    subjectOf(store, name);
    const file = openOut(options.out);
    try {
      let page = exportOf(view, { user: name, after: 0 });
      writeAllRaw(file, opening(page));
      for (let isFirst = true; ; isFirst = false) {
        for (const [a, action] of page.actions.entries())
          writeAllRaw(file, `${isFirst && a === 0 ? '' : ','}\n    ${visibleJson(action)}`);
        if (page.next === null) break;
        page = exportOf(view, { user: name, after: page.next });
      }
      writeAllRaw(file, '\n  ]\n}\n');
    } finally {
      if (file !== 1) closeSync(file);
    }
    if (options.out !== undefined) say(resolve(options.out));
  });
}

/** All but the actions, which come a page at a time. */
function opening({ user, exportedAt, about }: ExportPage): string {
  const head = visibleJson({ user, exportedAt, about }, 2);
  return `${head.slice(0, head.lastIndexOf('\n}'))},\n  "actions": [`;
}

const openOut = (path: string | undefined): number => (path === undefined ? 1 : createPrivate(path));

function subjectOf(store: Store, name: string): Subject {
  const subject = store.subjects.byName(name);
  if (!subject) throw new Failure(`There is no user ${name}; see: ubad status`, exitCodes.usage);
  return subject;
}
