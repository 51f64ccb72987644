import { NoScope, previewOfAlert, scopeOfAlert } from '../engine/feedback/alert-rule.ts';
import { giveFeedback, takeBackFeedback, undoFeedback } from '../engine/feedback/feedback.ts';
import type { Preview } from '../engine/feedback/preview.ts';
import { defaultPack, type Pack } from '../engine/reading/pack.ts';
import { scopeKinds } from '../contract/story/scope-kinds.ts';
import { textOf } from '../contract/story/tell.ts';
import { scopeText, type Scope } from '../engine/feedback/scope.ts';
import type { Incident } from '../engine/store/incidents.ts';
import type { Store } from '../engine/store/store.ts';
import { exitCodes, Failure } from './failure.ts';
import { clock, tellUserOnly, say, sayJson, sayLines, sayTable } from './output.ts';
import { engineOptions, now, settingsOf, withStore, type InspectOptions, type Shared } from './setup.ts';

export interface MarkOptions extends InspectOptions {
  readonly scope?: string;
  readonly act?: string;
  readonly days?: string;
  readonly preview?: boolean;
}

const DAY = 86_400;

/** `ubad alerts mark ID normal|suspicious|none` */
export async function markAlert(id: string, verdict: string, options: MarkOptions): Promise<void> {
  if (verdict !== 'normal' && verdict !== 'suspicious' && verdict !== 'none') {
    throw new Failure(`«${verdict}»: use normal, suspicious or none.`, exitCodes.usage);
  }
  const engine = await engineOptions(settingsOf(options), options.subject);
  withStore(options, options.preview ?? false, (store) => {
    const incident = store.incidents.byId(Number(id));
    if (!incident) throw new Failure(`no alert ${id}; see: ubad alerts list`, exitCodes.usage);
    if (verdict === 'none') {
      store.transaction(() => {
        takeBackFeedback(store, incident, now());
      });
      say(`alert ${id}: nothing is said of it any more`);
      return;
    }
    const scope = scopeFrom(store, incident, options, engine.pack);
    const user = store.subjects.byId(incident.subjectId)?.name ?? '?';
    const sentence = scope && scopeText(scope, engine.pack.learning, user);
    if (options.preview) {
      if (!scope || sentence === undefined || verdict !== 'normal')
        throw new Failure('--preview needs normal and a --scope.', exitCodes.usage);
      tell(previewOfAlert(store, incident, scope, engine, tellUserOnly), { scope, sentence }, options);
      return;
    }
    const expires = options.days === undefined ? null : now() + daysOf(options.days) * DAY;
    const rule = store.transaction(() =>
      giveFeedback(store, { incident, verdict, ...(scope && { scope }), expires }, now()),
    );
    say(sentence === undefined ? `alert ${id}: ${verdict}` : `alert ${id}: ${verdict}; rule ${rule}: ${sentence}`);
  });
}

/** `ubad rules list` */
export function listRules(options: MarkOptions): void {
  withStore(options, true, (store) => {
    const rules = store.subjects
      .list()
      .flatMap(({ id, name }) =>
        store.feedback
          .standing(id, now())
          .flatMap(({ scope, ...rule }) => (scope === null ? [] : [{ ...rule, scope, subject: name }])),
      );
    if (options.json) sayJson(rules);
    else {
      const rows = rules.map(({ id, subject, verdict, scope, expires }) => [
        ...[id, subject, verdict, scopeText(scope, defaultPack().learning, subject)],
        expires === null ? 'for good' : `until ${clock(expires)}`,
      ]);
      sayTable(['rule', 'subject', 'says', 'of', 'holds'], rows);
    }
  });
}

/** `ubad rules remove ID` */
export function removeRule(id: string, options: Shared): void {
  withStore(options, false, (store) => {
    const stood = store.transaction(() => undoFeedback(store, Number(id), now()));
    if (!stood) throw new Failure(`no rule ${id}; see: ubad rules list`, exitCodes.usage);
    say(`rule ${id} is taken back`);
  });
}

function daysOf(text: string): number {
  const days = Number(text);
  if (!(days > 0)) throw new Failure(`--days «${text}»: use a number above 0.`, exitCodes.usage);
  return days;
}

/** @param scope "program", or several with commas between @param act the number of one of its acts */
function scopeFrom(store: Store, incident: Incident, { scope, act }: MarkOptions, pack: Pack): Scope | undefined {
  if (scope === undefined) return undefined;
  const kinds = scope.split(',').map((kind) => {
    const known = scopeKinds.find((one) => one === kind);
    if (known) return known;
    throw new Failure(`--scope «${kind}»: use ${scopeKinds.join(', ')}, or several with commas.`, exitCodes.usage);
  });
  const action = act === undefined ? undefined : Number(act);
  if (action !== undefined && !Number.isSafeInteger(action))
    throw new Failure(`--act «${act}»: use a number that ubad alerts show tells.`, exitCodes.usage);
  try {
    return scopeOfAlert({ store, learning: pack.learning }, incident, { kinds, action });
  } catch (error) {
    if (error instanceof NoScope) throw new Failure(error.message, exitCodes.usage);
    throw error;
  }
}

interface Sentence {
  readonly scope: Scope;
  readonly sentence: string;
}

function tell(preview: Preview, { scope, sentence }: Sentence, { json }: MarkOptions): void {
  const { days, incidents, hidden, own, fits } = preview;
  const why = textOf(own.why, 'en');
  const fitting = textOf(fits, 'en');
  if (json) {
    const alerts = preview.alerts.map(({ id }) => id);
    sayJson({ scope, sentence, days, incidents, hidden, alerts, own: { hidden: own.hidden, why }, fits: fitting });
    return;
  }
  const count = (bands: Readonly<Record<string, number>>): number =>
    Object.values(bands).reduce((sum, one) => sum + one, 0);
  const bands = Object.entries(hidden).map(([band, one]) => `${one} ${band}`);
  const which = bands.length > 0 ? ` (${bands.join(', ')})` : '';
  const ids = preview.alerts.map(({ id }) => id).join(', ');
  sayLines([
    `${sentence}: would have hidden ${count(hidden)} of the last ${days} days' ${count(incidents)} alerts${which}`,
    ...(ids === '' ? [] : [`hidden: ${ids}`]),
    why,
    fitting,
  ]);
}
