import { linesOf, standingLines, type JudgeOptions } from './judge.ts';
import { manifestOf } from './models/manifest.ts';
import type { EngineOptions } from './options.ts';
import type { Store } from './store/store.ts';
import type { Version } from './store/versions.ts';

/** The lines by which a subject's windows are judged now; undefined without a model that says. */
export function linesNow(
  store: Store,
  { algorithm, sensitivity }: Pick<EngineOptions, 'algorithm' | 'sensitivity'>,
  subjectId: number,
): JudgeOptions | undefined {
  const manifest = manifestOf(inUse(store, algorithm, subjectId));
  return manifest && linesOf(manifest.normal, sensitivity);
}

/** z from which what was judged of a subject alarms, also of one without a model; undefined where its model does not say. */
export function alarmOf(...[store, options, subjectId]: Parameters<typeof linesNow>): number | undefined {
  const lines = inUse(store, options.algorithm, subjectId) ? linesNow(store, options, subjectId) : standingLines;
  return lines?.alarm;
}

/** The command line may ask of what the window has judged by other models. */
const inUse = (store: Store, algorithm: EngineOptions['algorithm'], subjectId: number): Version | undefined =>
  store.versions.active(subjectId, algorithm) ?? store.versions.list(subjectId).find(({ active }) => active);
