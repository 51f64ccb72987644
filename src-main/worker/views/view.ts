import { learnable } from '../../engine/model-lifecycle/enough.ts';
import type { Engine } from '../../engine/engine.ts';
import type { EngineOptions } from '../../engine/options.ts';
import type { Store } from '../../engine/store/store.ts';
import type { Subject } from '../../engine/store/subjects.ts';
import type { Incidents } from '../incidents.ts';
import type { Training } from '../trainings.ts';

/** Actions to learn from that a subject's first model still waits for. */
export function missingOf(
  { store, options: { pack, trainAfter }, remembered }: Pick<View, 'store' | 'options' | 'remembered'>,
  { id, stored }: Pick<Subject, 'id' | 'stored'>,
): number {
  return remembered(`missing ${id} ${stored}`, () => trainAfter - learnable(store, pack, id, trainAfter));
}

/** What the answers about the engine's state are made of. */
export interface View {
  readonly store: Store;
  readonly engine: Engine;
  readonly options: EngineOptions;
  readonly incidents: Incidents;
  /** By user: what is trained now. */
  readonly training: ReadonlyMap<string, Training>;
  /** The last line that was read since the start. */
  readonly lastLine: { readonly time: number; readonly readAt: number } | null;
  /** What costs much and does not change for the same key, from the last time. */
  readonly remembered: (key: string, work: () => number) => number;
  /** @throws AskFailed where there is none of that name */
  readonly subjectOf: (name: string) => Subject;
}
