import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import type { Algorithm } from '../../../models/algorithm.ts';
import type { SavedDetector, TrainingOptions } from '../../../models/detector.ts';
import { UserModel } from '../../../models/profile/user-model.ts';
import type { LogEvent } from '../../contract/log-events.ts';
import { removeStrays, writeModel } from '../models/folder.ts';
import { readModel } from '../models/read-model.ts';
import type { Manifest, StoredManifest } from '../models/manifest.ts';
import { message } from '../../contract/story/messages.ts';
import type { UserMessage } from '../options.ts';
import type { Pack } from '../reading/pack.ts';
import type { Store } from '../store/store.ts';
import type { Version } from '../store/versions.ts';

/** Versions of a subject's model that are kept for a rollback, besides the one in use and the reference model. */
const KEPT = 4;

/** A model in use and the version it came from. */
export interface Loaded {
  readonly model: UserModel;
  readonly version: Version;
  readonly manifest: StoredManifest;
}

/** The folder that all models of a state folder lie in. */
const modelsIn = (state: string): string => join(state, 'models');

/**
 * Stores a model as a new version and makes it the one in use. Only in a transaction: what a crash leaves of the
 * files is removed at the next start.
 */
export function addVersion(
  store: Store,
  state: string,
  subjectId: number,
  files: SavedDetector,
  manifest: Manifest,
  afterAction: number,
): Version {
  return addWritten(store, subjectId, writeVersion(state, subjectId, files, manifest), afterAction);
}

/** A model's files, which no version names yet. */
export interface WrittenModel {
  readonly folder: string;
  readonly manifest: StoredManifest;
}

/** Writes a model that `addWritten` makes a version of; until then the next start removes it. */
export function writeVersion(state: string, subjectId: number, files: SavedDetector, manifest: Manifest): WrittenModel {
  const folder = newFolder(state, subjectId, manifest.algorithm);
  return { folder, manifest: writeModel(folder, files, manifest) };
}

/** As addVersion. Only in a transaction. */
export function addWritten(
  store: Store,
  subjectId: number,
  { folder, manifest }: WrittenModel,
  afterAction: number,
): Version {
  const { algorithm, createdAt } = manifest;
  const id = store.versions.add({ subjectId, createdAt, algorithm, folder, manifest, afterAction });
  store.versions.activate(id);
  const reference = store.subjectState.reference(subjectId)?.version;
  const own = store.versions
    .list(subjectId)
    .filter((version) => version.algorithm === algorithm && !version.active && version.id !== reference);
  for (const old of own.slice(0, Math.max(0, own.length - KEPT))) store.versions.remove(old.id);
  return store.versions.byId(id)!;
}

/**
 * Loads a subject's model: the version in use or, where that cannot be read, the newest that can.
 * @param judging judge by this one's detectors alone, where more were trained
 * @param notice told why a version was passed over
 * @param unfit versions that failed when they judged: passed over too
 */
export function loadVersion(
  store: Store,
  subjectId: number,
  algorithm: Algorithm,
  pack: Pack,
  optionsOf: (manifest: Manifest) => TrainingOptions,
  notice: UserMessage,
  judging: Algorithm = algorithm,
  unfit: ReadonlySet<number> = new Set(),
): Loaded | undefined {
  const own = store.versions.list(subjectId).filter((version) => version.algorithm === algorithm);
  const newestFirst = own.reverse().sort((a, b) => Number(b.active) - Number(a.active));
  let wasPassedOver = false;
  for (const version of newestFirst) {
    const loaded = unfit.has(version.id) ? undefined : loadOne(version, judging, pack, optionsOf, notice);
    if (loaded && wasPassedOver)
      notice(message('model.used-instead', { version: version.id }), {
        what: 'model-used-instead',
        version: version.id,
      });
    if (loaded) return loaded;
    wasPassedOver ||= version.active;
  }
  return undefined;
}

/** Loads one version; undefined, and a notice, where it cannot be read. */
export function loadOne(
  version: Version,
  judging: Algorithm,
  pack: Pack,
  optionsOf: (manifest: Manifest) => TrainingOptions,
  notice: UserMessage,
): Loaded | undefined {
  const read = readModel(version.folder, pack);
  if (!read.ok) {
    const { kind, message: what } = read.problem;
    notice(message('model.not-used', { version: version.id, what }), notUsed(version, kind));
    return undefined;
  }
  try {
    const model = UserModel.load(read.files, pack.learning, judging, optionsOf(read.manifest));
    return { model, version, manifest: read.manifest };
  } catch (error) {
    // Whatever its files make of our code: there are models before it.
    const what = message('model.not-loaded', { cause: (error as Error).message });
    notice(message('model.not-used', { version: version.id, what }), notUsed(version, 'not-readable'));
    return undefined;
  }
}

const notUsed = ({ id }: Version, why: Extract<LogEvent, { readonly what: 'model-not-used' }>['why']): LogEvent => ({
  what: 'model-not-used',
  version: id,
  why,
});

/** Deletes the model folders that no version names: what a crash or a removal left. */
export function removeUnnamed(store: Store, state: string): void {
  removeStrays(modelsIn(state), new Set(store.versions.list().map(({ folder }) => folder)));
}

/** Takes a verified model from elsewhere in, as the version in use. Only in a transaction. @returns its id */
export function adoptVersion(
  store: Store,
  state: string,
  subject: string,
  { files, manifest }: Extract<ReturnType<typeof readModel>, { ok: true }>,
  now: number,
): number {
  const { files: _, ...own } = manifest;
  const { algorithm, createdAt, training } = manifest;
  // A model's user was last at work when its training ended. Nobody is seen because a file is taken in.
  const subjectId = store.subjects.ensure(subject, Math.min(now, training.to));
  const folder = newFolder(state, subjectId, algorithm);
  const stored = writeModel(folder, files, { ...own, subject });
  const afterAction = store.actions.last(subjectId, 1)[0]?.id ?? 0;
  const id = store.versions.add({ subjectId, createdAt, algorithm, folder, manifest: stored, afterAction });
  store.versions.activate(id);
  return id;
}

const newFolder = (state: string, subjectId: number, algorithm: string): string =>
  join(modelsIn(state), `${subjectId}-${algorithm}-${randomBytes(6).toString('hex')}`);
