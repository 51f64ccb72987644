import { isMachine } from '../../contract/subjects.ts';
import type { reportEn } from '../../contract/story/report-en.ts';
import type { Phrase } from '../../contract/story/story.ts';
import { textOf } from '../../contract/story/tell.ts';
import type { Report } from './report.ts';

/** Our own words of a report, in its language. */
export const wordsOf =
  ({ language }: Pick<Report, 'language'>) =>
  (id: keyof typeof reportEn, values: Phrase['values'] = {}): string =>
    textOf({ id, values }, language);

/** What stands at the top of a report: a name and what is said under it. */
export function factsOf(report: Report): readonly (readonly [name: string, text: string])[] {
  const word = wordsOf(report);
  const { alert, also, host, when, where, severity, tactics } = report;
  const often = tactics.map(({ name, technique }) => `${name} (${technique})`).join(', ');
  const first = report.steps.find(({ done }) => done === null);
  const verdict = word(`report.verdict.${alert.verdict ?? 'none'}`);
  return [
    ...(also === '' ? [] : [[word('report.also'), also] as const]),
    [word('report.who'), alert.user],
    ...(host === null || isMachine(alert.user) ? [] : [[word('report.host'), host] as const]),
    [word('report.when'), when],
    [word('report.where'), where],
    ...(first ? [[word('report.first'), first.text] as const] : []),
    [word('report.severity'), `${alert.band}: ${severity}`],
    ...(often === '' ? [] : [[word('report.tactics'), often] as const]),
    [word('report.state'), `${word(`report.state.${alert.state}`)}, ${verdict}`],
  ];
}

/** The heads of the columns of its rows. */
export const headsOf = (report: Report): string[] => {
  const word = wordsOf(report);
  return (['when', 'what', 'chain', 'times', 'known'] as const).map((name) => word(`report.col.${name}`));
};

export const votesText = ({ sure }: Report): string =>
  sure.votes.map(({ detector, z }) => `${detector} ${z.toFixed(1)}`).join(', ');

/** "2026-11-25 02:07:31" of what `isoOf` made. */
export const plainTime = (iso: string): string => iso.slice(0, 19).replace('T', ' ');
