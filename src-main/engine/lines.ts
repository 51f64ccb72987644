import { linesOf, standingLines, type JudgeOptions } from './judge.ts';
import { manifestOf } from './models/manifest.ts';
import type { EngineOptions } from './options.ts';
import type { Store } from './store/store.ts';

/** The lines by which a subject's windows are judged now; undefined without a model that says. */
export function linesNow(
  store: Store,
  { algorithm, sensitivity }: Pick<EngineOptions, 'algorithm' | 'sensitivity'>,
  subjectId: number,
): JudgeOptions | undefined {
  // The command line may ask of what the window has judged by other models.
  const active =
    store.versions.active(subjectId, algorithm) ?? store.versions.list(subjectId).find((one) => one.active);
  const manifest = manifestOf(active);
  return manifest && linesOf(manifest.normal, sensitivity);
}

/** z from which what was judged of a subject alarms, also of one without a model. */
export const alarmOf = (...asked: Parameters<typeof linesNow>): number => (linesNow(...asked) ?? standingLines).alarm;
