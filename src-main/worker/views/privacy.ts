import type { Deleted, ExportPage } from '../../contract/privacy.ts';
import type { Forgotten } from '../../engine/store/forget.ts';
import type { Store } from '../../engine/store/store.ts';
import { rowOf } from '../../engine/explanation/rows.ts';
import { feedbackRow } from './feedback.ts';
import { versionsOf } from './versions.ts';
import type { View } from './view.ts';

/** Actions of one page of an export. */
const PAGE = 2000;

/** Only in a transaction. @param subjectIds whose; @param since Unix seconds; undefined: all of it */
export function forget(store: Store, subjectIds: readonly number[], since: number | undefined): Deleted {
  const gone = subjectIds.map((id): Forgotten =>
    since === undefined ? store.forget.subject(id) : store.forget.since(id, since),
  );
  const sum = (what: keyof Forgotten): number => gone.reduce((all, one) => all + one[what], 0);
  return { actions: sum('actions'), alerts: sum('incidents'), models: sum('versions') };
}

export function exportOf(
  view: Pick<View, 'store' | 'options' | 'incidents' | 'subjectOf'>,
  { user, after }: { user: string; after: number },
): ExportPage {
  const { store, options, incidents, subjectOf } = view;
  const { id, firstSeen, lastSeen } = subjectOf(user);
  const page = store.actions.next(id, after, PAGE);
  const actions = page.map((stored) => {
    const { words: _said, ...row } = rowOf(stored, options.pack.learning, store.scores.of(stored.id)?.score ?? null);
    return row;
  });
  const about = {
    firstSeen,
    lastSeen,
    alerts: store.incidents.list({ subjectId: id, limit: Number.MAX_SAFE_INTEGER }).map((one) => incidents.detail(one)),
    feedback: store.feedback.list(id).map((given) => feedbackRow(view, given)),
    models: versionsOf(view, { id, name: user }).reverse(),
  };
  return {
    user,
    exportedAt: options.now(),
    about: after === 0 ? about : null,
    actions,
    next: page.length < PAGE ? null : page.at(-1)!.id,
  };
}
