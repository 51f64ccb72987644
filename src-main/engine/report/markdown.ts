import { visible, visibleJson } from '../../contract/visible-text.ts';
import type { Report, ReportRow } from './report.ts';
import { factsOf, headsOf, plainTime, votesText, wordsOf } from './words.ts';

/** A text of anybody in which Markdown means nothing. */
export const plain = (text: string): string =>
  visible(text)
    .replace(/[\\`*_{}[\]()#+\-.!|<>&~^$:@=]/g, '\\$&')
    .replace(/^\s+/, '');

/** Lines that are shown as they are: the fence is longer than any within. */
function fenced(text: string): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return ['', fence, ...text.split('\n').map(visible), fence, ''];
}

/** A report as Markdown (CommonMark, with tables as GitHub has them). */
export function markdownOf(report: Report): string {
  const word = wordsOf(report);
  const { alert, acts, usual, more, steps, twins, raw, cut } = report;
  const made = word('report.made', { version: report.program, at: plainTime(report.made), zone: report.zone });
  return `${[
    `# ${plain(word('report.title', { id: alert.id, user: alert.user }))}`,
    '',
    `**${plain(report.headline)}**`,
    '',
    ...factsOf(report).map(([name, text]) => `- ${plain(name)}: ${plain(text)}`),
    '',
    plain(word('report.intro')),
    '',
    `## ${plain(word('report.acts'))}`,
    '',
    ...tableOf(report, acts),
    ...(more > 0 ? [plain(word('report.more', { n: more })), ''] : []),
    `## ${plain(word('report.steps'))}`,
    '',
    plain(word('report.steps.why')),
    '',
    ...steps.flatMap((step) => stepOf(report, step)),
    ...(twins.length === 0 ? [] : [`## ${plain(word('report.twins'))}`, '']),
    ...twins.map(
      ({ id, user, headline, shared }) => `- ${id}: ${plain(user)}, ${plain(headline)} \\(${plain(shared)}\\)`,
    ),
    ...(twins.length === 0 ? [] : ['']),
    `## ${plain(word('report.sure'))}`,
    '',
    `${plain(report.sure.text)} ${plain(word('report.votes', { votes: votesText(report) }))}`,
    '',
    ...(usual.length === 0 ? [] : [`## ${plain(word('report.usual'))}`, '', ...tableOf(report, usual)]),
    `## ${plain(word('report.raw'))}`,
    '',
    plain(raw.length === 0 ? word('report.raw.none') : word('report.raw.why', { n: raw.length })),
    ...(cut ? [plain(word('report.raw.cut'))] : []),
    ...(raw.length === 0 ? [''] : fenced(raw.map((row) => visibleJson(row)).join('\n'))),
    plain(made),
  ].join('\n')}\n`;
}

function tableOf(report: Report, rows: readonly ReportRow[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(headsOf(report).map(plain)),
    line(headsOf(report).map(() => '---')),
    ...rows.map(({ at, what, chain, count, known }) =>
      line([plainTime(at), what, chain.join(' → '), String(count), known].map(plain)),
    ),
    '',
  ];
}

function stepOf(report: Report, { text, command, undo, note, done }: Report['steps'][number]): string[] {
  const word = wordsOf(report);
  const said = [
    ...(note === null ? [] : [note]),
    ...(done === null ? [] : [word('report.done', { at: plainTime(done) })]),
  ];
  const mark = `- [${done === null ? ' ' : 'x'}] `;
  return [
    `${mark}${plain(text)}${said.length > 0 ? ` \\(${plain(said.join('; '))}\\)` : ''}`,
    ...(command === null ? [] : fenced(command).map((line) => (line === '' ? '' : `  ${line}`))),
    ...(undo === null
      ? []
      : [`  ${plain(word('report.undo'))}`, ...fenced(undo).map((l) => (l === '' ? '' : `  ${l}`))]),
  ];
}
