import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';

import type { Action } from '../../models/action.ts';
import type { StoryLanguage } from '../contract/story/tell.ts';
import { moveReference, returnToReference, timeOf } from '../engine/model-lifecycle/drift-check.ts';
import { thresholdsOf } from '../engine/judge.ts';
import { manifestOf } from '../engine/models/manifest.ts';
import { readModel } from '../engine/models/read-model.ts';
import { TRIED_ON, whyUnfit } from '../engine/models/trial.ts';
import { defaultPack } from '../engine/reading/pack.ts';
import { openStore } from '../engine/store/open.ts';
import type { Store } from '../engine/store/store.ts';
import type { Version } from '../engine/store/versions.ts';
import { adoptVersion } from '../engine/model-lifecycle/versions.ts';
import { exitCodes, Failure } from './failure.ts';
import { sensitivityOf } from '../settings/engine-options.ts';
import { plotOf } from './model-plot.ts';
import { clock, say, sayJson, sayTable } from './output.ts';
import { handOut } from './private-file.ts';
import { engineOptions, now, settingsOf, withStore, type InspectOptions, type Shared } from './setup.ts';

const versionOf = (store: Store, id: string): Version => {
  const version = store.versions.byId(Number(id));
  if (!version) throw new Failure(`no model version ${id}; see: ubad models list`, exitCodes.usage);
  return version;
};

/** `ubad models list` */
export function listModels(options: InspectOptions): void {
  withStore(options, true, (store) => {
    const versions = store.versions.list().map((version) => ({
      version: version.id,
      subject: store.subjects.byId(version.subjectId)?.name ?? '?',
      algorithm: version.algorithm,
      created: version.createdAt,
      active: version.active,
    }));
    if (options.json) sayJson(versions);
    else {
      const rows = versions.map(({ version, subject, algorithm, created, active }) => [
        version,
        subject,
        algorithm,
        clock(created),
        active ? 'in use' : '',
      ]);
      sayTable(['version', 'subject', 'algorithm', 'made', ''], rows);
    }
  });
}

/** `ubad models show ID` */
export function showModel(id: string, options: InspectOptions): void {
  withStore(options, true, (store) => {
    const version = versionOf(store, id);
    const read = readModel(version.folder, defaultPack());
    sayJson({ ...version, usable: read.ok, problem: read.ok ? null : read.problem.message });
  });
}

/** `ubad models export ID FOLDER`: the model's files as they are, to be read elsewhere. */
export function exportModel(id: string, folder: string, options: InspectOptions): void {
  withStore(options, true, (store) => {
    const { folder: own } = versionOf(store, id);
    const to = resolve(folder);
    if (existsSync(to)) throw new Failure(`${to} exists already; name a new folder.`, exitCodes.usage);
    mkdirSync(to, { recursive: true, mode: 0o700 });
    cpSync(own, to, { recursive: true });
    say(to);
  });
}

/**
 * `ubad models import FOLDER`: read, loaded and tried on what is stored of the user, then in use at once. Somebody else's files may
 * take as long as they like: the store is not held meanwhile.
 */
export async function importModel(folder: string, options: InspectOptions): Promise<void> {
  const from = resolve(folder);
  const engine = await engineOptions(settingsOf(options), undefined);
  const read = readModel(from, engine.pack);
  if (!read.ok) throw new Failure(read.problem.message, exitCodes.unreadable);
  const subject = options.subject ?? read.manifest.subject;
  const why = whyUnfit(read, engine, lastActions(engine.state, subject));
  if (why !== undefined) throw new Failure(`${from} is not taken in: ${why}`, exitCodes.unreadable);
  withStore(options, false, (store, state) => {
    const id = store.transaction(() => adoptVersion(store, state, subject, read, now()));
    say(`version ${id}`);
  });
}

/** What is stored last of a user, oldest first; nothing where nothing is stored yet. */
function lastActions(state: string, name: string): Action[] {
  const opened = openStore(state, { now: now(), readOnly: true });
  // What is wrong with it is said where it is written to.
  if (!opened.ok) return [];
  try {
    const subject = opened.store.subjects.byName(name);
    return subject ? opened.store.actions.last(subject.id, TRIED_ON).map(({ action }) => action) : [];
  } finally {
    opened.store.close();
  }
}

interface PlotOptions extends Shared {
  readonly out?: string;
  readonly language: StoryLanguage;
}

/** `ubad models plot USER`: how the model in use was trained, and where it alarms, as a picture. */
export function plotModel(user: string, options: PlotOptions): void {
  const { algorithm, ...settings } = settingsOf(options);
  withStore(options, true, (store) => {
    const subject = store.subjects.byName(user);
    if (!subject) throw new Failure(`no user ${user}; see: ubad status`, exitCodes.usage);
    const own = store.versions.list(subject.id).filter(({ active }) => active);
    const version = own.find((one) => one.algorithm === algorithm) ?? own[0];
    const manifest = manifestOf(version);
    if (!version || !manifest)
      throw new Failure(`${user} has no model that can be drawn; see: ubad models list`, exitCodes.noModel);
    const { curves = {}, heldOutCurves = {}, normal } = manifest;
    const { alarm } = thresholdsOf(normal, sensitivityOf(settings));
    const drawn = { user, version: version.id, curves, heldOutCurves, maxima: normal.maxima, alarm };
    const text = plotOf(drawn, options.language);
    // What of it came from elsewhere is escaped where it is put in.
    handOut(text, options.out, `model ${version.id} of ${user}`);
  });
}

/** `ubad models rollback ID`: this version is in use again. */
export function rollback(id: string, options: InspectOptions): void {
  withStore(options, false, (store) => {
    const { id: version } = versionOf(store, id);
    store.transaction(() => {
      store.versions.activate(version);
    });
    say(`version ${version} is in use`);
  });
}

interface AnchorOptions extends InspectOptions {
  readonly mine?: boolean;
  readonly notMine?: boolean;
}

/** `ubad models anchor USER`: the answer to the question whether a slow change was the user's own. */
export function anchor(user: string, options: AnchorOptions): void {
  const { mine = false, notMine = false } = options;
  if (mine && notMine) throw new Failure('--mine or --not-mine, not both.', exitCodes.usage);
  withStore(options, !mine && !notMine, (store, state) => {
    const subject = store.subjects.byName(user);
    if (!subject) throw new Failure(`no user ${user}; see: ubad status`, exitCodes.usage);
    const held = store.subjectState.reference(subject.id);
    const version = held && store.versions.byId(held.version);
    if (!version)
      throw new Failure(`${user} has no reference model yet: there is none before the first model.`, exitCodes.usage);
    if (notMine) {
      const why = store.transaction(() => returnToReference(store, state, subject, now()));
      if (why !== undefined) throw new Failure(why, exitCodes.state);
      say(`the model of ${clock(timeOf(store, version))} is in use; nothing since then is learned of`);
    } else if (mine) {
      const inUse = store.versions.active(subject.id, version.algorithm)!;
      store.transaction(() => {
        moveReference(store, subject, inUse);
      });
      say(`${user} is held against version ${inUse.id} from now on`);
    } else {
      const { share, asked } = held;
      const known = share === null ? 'not looked at yet' : `${Math.round(100 * share)} % of what does not alarm now`;
      say(
        `${user} is held against version ${version.id} of ${clock(timeOf(store, version))}; would have alarmed then: ${known}`,
      );
      if (asked) say('Was that the user? Answer with --mine or --not-mine.');
    }
  });
}

/** `ubad models delete ID`; its files go at the next start of the engine. */
export function deleteModel(id: string, options: InspectOptions): void {
  withStore(options, false, (store) => {
    const { id: version } = versionOf(store, id);
    store.transaction(() => {
      store.versions.remove(version);
    });
    say(`version ${version} is deleted`);
  });
}
