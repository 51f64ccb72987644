import { quantilesOf } from '../../../models/profile/calibrate.ts';
import { shareBelow } from '../../../models/profile/normal.ts';
import { usualTuning } from '../../../models/tuning.ts';
import type { ModelVersion, VersionChange, VersionRole } from '../../contract/models.ts';
import { thresholdsOf, type Thresholds } from '../../engine/judge.ts';
import { bytesOf, cannotBeUsed } from '../../engine/models/folder.ts';
import { manifestOf, trainingOf, type Manifest } from '../../engine/models/manifest.ts';
import type { Subject } from '../../engine/store/subjects.ts';
import type { Version } from '../../engine/store/versions.ts';
import type { View } from './view.ts';

type Seen = Pick<View, 'store' | 'options'>;

/** All versions of a user's models, newest first, each beside the one before it. */
export function versionsOf(view: Seen, { id, name }: Pick<Subject, 'id' | 'name'>): ModelVersion[] {
  const { store } = view;
  const [reference, canary] = [store.subjectState.reference(id)?.version, store.subjectState.canary(id)?.predecessor];
  const oldestFirst = store.versions.list(id);
  return oldestFirst
    .map((version, at) => {
      const before = oldestFirst.slice(0, at).findLast(({ algorithm }) => algorithm === version.algorithm);
      const roles: VersionRole[] = [];
      if (version.active) roles.push('judging');
      if (version.id === reference) roles.push('reference');
      if (version.id === canary) roles.push('before');
      return versionOf(view, version, name, roles.length > 0 ? roles : ['kept'], before);
    })
    .reverse();
}

function versionOf(
  { options }: Seen,
  version: Version,
  user: string,
  roles: readonly VersionRole[],
  before: Version | undefined,
): ModelVersion {
  const { id, algorithm, createdAt, active, folder } = version;
  const manifest = manifestOf(version);
  const thresholds = (of: Manifest): Thresholds => thresholdsOf(of.normal, options.sensitivity);
  const labelOf = (query: string): string => options.pack.learning.get(query)?.label ?? query.replaceAll('_', ' ');
  return {
    version: id,
    user,
    algorithm,
    created: createdAt,
    active,
    training: trainingOf(version) ?? null,
    curves: manifest?.curves ?? {},
    heldOutCurves: manifest?.heldOutCurves ?? {},
    spreads: { all: quantilesOf(manifest?.normal.maxima ?? []), detectors: manifest?.spreads ?? {} },
    tuning: { ...(manifest?.tuning ?? usualTuning) },
    roles,
    change: before && manifest ? changeOf(manifest, manifestOf(before), thresholds, labelOf) : null,
    heldBack: manifest ? heldBackOf(manifest, thresholds(manifest)) : null,
    diskBytes: bytesOf(folder),
    problem: cannotBeUsed(version, options.pack) ?? null,
  };
}

function heldBackOf({ normal }: Manifest, { alarm }: Thresholds): NonNullable<ModelVersion['heldBack']> {
  const { maxima, days } = normal;
  return { stretches: maxima.length, days, alarmed: 1 - shareBelow(normal, alarm), line: alarm };
}

function changeOf(
  now: Manifest,
  was: Manifest | undefined,
  thresholds: (of: Manifest) => Thresholds,
  labelOf: (query: string) => string,
): VersionChange | null {
  if (!was) return null;
  const { actions, from, to } = now.training;
  const isSame = was.training.actions === actions && was.training.from === from && was.training.to === to;
  const queries = now.trainedOn && was.trainedOn && apart(Object.keys(now.trainedOn), Object.keys(was.trainedOn));
  return {
    by: isSame && now.seed === was.seed ? 'learned-on' : 'trained',
    actions: actions - was.training.actions,
    queries: queries ? { more: queries.more.map(labelOf), fewer: queries.fewer.map(labelOf) } : null,
    words: now.words === undefined || was.words === undefined ? null : now.words - was.words,
    detectors: apart(Object.keys(now.drift), Object.keys(was.drift)),
    loss: lossOf(now, was),
    line: { was: thresholds(was).alarm, is: thresholds(now).alarm },
  };
}

function apart(now: readonly string[], was: readonly string[]): { more: string[]; fewer: string[] } {
  return { more: now.filter((one) => !was.includes(one)), fewer: was.filter((one) => !now.includes(one)) };
}

function lossOf(now: Manifest, was: Manifest): VersionChange['loss'] {
  const ends = (of: 'heldOutCurves' | 'curves'): number[] =>
    [was, now].flatMap((manifest) => {
      const end: number | null | undefined = manifest[of]?.lstm?.at(-1);
      return typeof end === 'number' ? [end] : [];
    });
  for (const [of, curves] of [
    ['held-out', 'heldOutCurves'],
    ['learned', 'curves'],
  ] as const) {
    const [before, after] = ends(curves);
    if (before !== undefined && after !== undefined) return { of, was: before, is: after };
  }
  return null;
}
