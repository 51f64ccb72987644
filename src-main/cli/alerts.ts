import { answersTo } from '../engine/answer/answer.ts';
import { thisMachine } from '../engine/answer/machine.ts';
import { describe, short } from '../engine/explanation/describe.ts';
import { rankText, type Explanation } from '../engine/explanation/explain.ts';
import { explanationOf, reasonDamaged } from '../engine/explanation/explanation.ts';
import { severityOf } from '../engine/judge.ts';
import { alertThresholdOf } from '../engine/thresholds.ts';
import { storyOfIncident } from '../engine/narrative/tell-incident.ts';
import { defaultPack } from '../engine/reading/pack.ts';
import type { Incident } from '../engine/store/incidents.ts';
import { sensitivityOf } from '../settings/engine-options.ts';
import { offerLines, stepLines, twinLines } from './alert-answers.ts';
import { storyLines, storyText } from './alert-story.ts';
import { leadLines } from './find.ts';
import { exitCodes, Failure } from './failure.ts';
import { clock, say, sayJson, sayLines, sayTable, table } from './output.ts';
import { settingsOf, withStore, type InspectOptions } from './setup.ts';

export interface ListAlerts extends InspectOptions {
  readonly open?: boolean;
  readonly limit?: string;
}

/** `ubad alerts list` */
export function listAlerts(options: ListAlerts): void {
  withStore(options, true, (store) => {
    const subject = options.subject === undefined ? undefined : store.subjects.byName(options.subject);
    if (options.subject !== undefined && !subject) throw new Failure(`no subject ${options.subject}`, exitCodes.usage);
    const incidents = store.incidents.list({
      limit: Number(options.limit ?? 50),
      ...(options.open && { state: 'open' }),
      ...(subject && { subjectId: subject.id }),
    });
    if (options.json) {
      sayJson(incidents);
      return;
    }
    const rows = incidents.map((incident) => [
      ...[
        incident.id,
        clock(incident.firstTime),
        incident.band,
        incident.peak.toFixed(1),
        incident.verdict ?? incident.state,
      ],
      sentenceOf(incident),
    ]);
    sayTable(['id', 'began', 'band', 'z', 'state', 'why'], rows);
  });
}

const sentenceOf = (incident: Incident): string => explanationOf(incident)?.sentence ?? reasonDamaged(incident);

/** `ubad alerts show ID` */
export function showAlert(id: string, options: InspectOptions): void {
  const settings = settingsOf(options);
  withStore(options, true, (store) => {
    const incident = store.incidents.byId(Number(id));
    if (!incident) throw new Failure(`no alert ${id}; see: ubad alerts list`, exitCodes.usage);
    const { algorithm } = settings;
    const line = alertThresholdOf(store, { algorithm, sensitivity: sensitivityOf(settings) }, incident.subjectId);
    const severity = line === undefined ? null : severityOf(incident.peak, line);
    const why = explanationOf(incident);
    const asked = { store, learning: defaultPack().learning };
    const story = storyOfIncident(asked, incident);
    const answers = story && answersTo(asked, incident, story, thisMachine());
    const user = short(store.subjects.byId(incident.subjectId)?.name ?? '?');
    const text = story && storyText(story, incident, user, severity);
    if (options.json) {
      sayJson({ ...incident, told: text ?? null, ...answers });
      return;
    }
    if (!why || !story || !text || !answers) throw new Failure(reasonDamaged(incident), exitCodes.failed);
    const { steps, offers, twins } = answers;
    sayLines(storyLines(story, text, user, steps));
    if (twins.length > 0) sayLines(['', ...twinLines(twins)]);
    sayLines(['', ...stepLines(incident.id, steps), '', ...offerLines(incident.id, user, offers)]);
    sayLines(['', ...leadLines(incident.id, story), '']);
    say(
      `How sure are we? ${rankText(why.rank)}; ${incident.state}, peak z ${incident.peak.toFixed(2)}, chance ${percent(why.chance)}`,
    );
    for (const part of explained(why)) sayLines(['', ...part]);
  });
}

const percent = (share: number): string =>
  share > 0 && share < 0.001 ? '<0.1 %' : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

/** "lstm, frequency": of "lstm type", "lstm token" and "frequency rare". */
const detectorsOf = (by: Readonly<Record<string, number>>): string =>
  [...new Set(Object.keys(by).map((name) => name.split(' ', 1)[0]))].join(', ');

/** An alert's explanation as tables: factors, votes, what was expected, what was familiar, the strangest actions. */
function explained({ factors, rest, votes, familiar, surprises, nearest, actions }: Explanation): string[][] {
  const { learning } = defaultPack();
  const others = rest > 0 ? [['everything else', percent(rest), '']] : [];
  const parts = [
    table(
      ['what spoke against it', 'share', 'by'],
      [...factors.map(({ text, share, by }) => [text, percent(share), detectorsOf(by)]), ...others],
    ),
    table(
      ['vote', 'z', 'part'],
      votes.map(({ detector, z, share }) => [detector, z.toFixed(2), percent(share)]),
    ),
    table(
      ['strangest actions', 'when', 'z'],
      actions.map((action) => [describe(action, learning), clock(action.time), action.score.toFixed(2)]),
    ),
  ];
  const expected = surprises.flatMap(({ text, probability, expected: likely }) =>
    likely.map((one, o) => [o === 0 ? `${text} (${percent(probability)})` : '', one.text, percent(one.probability)]),
  );
  if (expected.length > 0) parts.push(table(['seen', 'expected instead', 'chance'], expected));
  if (familiar.length > 0) parts.push([`What lowered it: ${familiar.map(({ text }) => text).join('; ')}`]);
  if (nearest.length > 0) {
    const similar = nearest.map(({ from, similarity }) => `${clock(from)} (${percent(similarity)} alike)`);
    parts.push([`Most similar normal behaviour: ${similar.join(', ')}`]);
  }
  return parts;
}
