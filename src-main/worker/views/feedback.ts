import type { FeedbackRow, RuleRow } from '../../contract/models.ts';
import { fits, partsOf, scopeText } from '../../engine/feedback/scope.ts';
import type { Feedback } from '../../engine/store/feedback.ts';
import type { View } from './view.ts';

export function feedbackRow({ store, options }: Pick<View, 'store' | 'options'>, given: Feedback): FeedbackRow {
  const { id, at, subjectId, incidentId, verdict, scope, expires, undoneAt } = given;
  const user = store.subjects.byId(subjectId)?.name ?? '?';
  return {
    id,
    at,
    user,
    alert: incidentId,
    verdict,
    scope: scope === null ? null : scopeText(scope, options.pack.learning, user),
    expires,
    undoneAt,
  };
}

/** Everything that was said, newest first. */
export function feedbackOf(
  { store, options, subjectOf }: View,
  { user, limit, before = Infinity }: { user?: string; limit: number; before?: number },
): FeedbackRow[] {
  const subjects = user === undefined ? store.subjects.list() : [subjectOf(user)];
  const all = subjects.flatMap(({ id }) => store.feedback.list(id)).filter(({ id }) => id < before);
  const newestFirst = all.sort((a, b) => b.id - a.id).slice(0, limit);
  return newestFirst.map((given) => feedbackRow({ store, options }, given));
}

/** Standing rules, newest first, with what each has hidden. */
export function rulesOf({ store, options }: View): RuleRow[] {
  const now = options.now();
  const rules = store.subjects.list().flatMap(({ id }) => {
    const standing = store.feedback
      .standing(id, now)
      .flatMap(({ scope, ...rule }) => (scope === null ? [] : [{ ...rule, scope }]));
    if (standing.length === 0) return [];
    const oldest = Math.min(...standing.map(({ at }) => at));
    const hidden = store.actions.hidden(id, oldest).map(({ action }) => action);
    return standing.map((rule): RuleRow => {
      const { scope } = rule;
      const own = hidden.filter((action) => action.time >= rule.at && fits(scope, action, options.pack.learning));
      const counted = rule.verdict === 'normal' ? own : [];
      const last = counted.reduce((latest, { time }) => Math.max(latest, time), -Infinity);
      const hid = { actions: counted.length, last: counted.length === 0 ? null : last };
      const holds = partsOf(scope, options.pack.learning);
      const row = feedbackRow({ store, options }, rule);
      return { ...row, scope: scopeText(scope, options.pack.learning, row.user), holds, hid };
    });
  });
  return rules.sort((a, b) => b.id - a.id);
}
