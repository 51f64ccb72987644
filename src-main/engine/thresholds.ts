import { thresholdsOf, standingThresholds, type Thresholds } from './judge.ts';
import { manifestOf } from './models/manifest.ts';
import type { EngineOptions } from './options.ts';
import type { Store } from './store/store.ts';
import type { Version } from './store/versions.ts';

/** The thresholds by which a subject's windows are judged now; undefined without a model that says. */
export function thresholdsNow(
  store: Store,
  { algorithm, sensitivity }: Pick<EngineOptions, 'algorithm' | 'sensitivity'>,
  subjectId: number,
): Thresholds | undefined {
  const manifest = manifestOf(inUse(store, algorithm, subjectId));
  return manifest && thresholdsOf(manifest.normal, sensitivity);
}

/** z from which what was judged of a subject alarms, also of one without a model; undefined where its model does not say. */
export function alertThresholdOf(...[store, options, subjectId]: Parameters<typeof thresholdsNow>): number | undefined {
  const thresholds = inUse(store, options.algorithm, subjectId)
    ? thresholdsNow(store, options, subjectId)
    : standingThresholds;
  return thresholds?.alarm;
}

/** The command line may ask of what the window has judged by other models. */
const inUse = (store: Store, algorithm: EngineOptions['algorithm'], subjectId: number): Version | undefined =>
  store.versions.active(subjectId, algorithm) ?? store.versions.list(subjectId).find(({ active }) => active);
