import { linesOf, type JudgeOptions } from './judge.ts';
import { FORMAT, type Manifest } from './models/manifest.ts';
import type { EngineOptions } from './options.ts';
import type { Store } from './store/store.ts';

/** The lines by which a subject's windows are judged now; undefined without a model that says. */
export function linesNow(
  store: Store,
  { algorithm, sensitivity }: Pick<EngineOptions, 'algorithm' | 'sensitivity'>,
  subjectId: number,
): JudgeOptions | undefined {
  const manifest = store.versions.active(subjectId, algorithm)?.manifest as Manifest | undefined;
  return manifest?.format === FORMAT ? linesOf(manifest.normal, sensitivity) : undefined;
}
