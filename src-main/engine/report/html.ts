import { createHash } from 'node:crypto';

import { visible, visibleJson } from '../../contract/visible-text.ts';
import type { Report, ReportRow } from './report.ts';
import { STYLE } from './style.ts';
import { factsOf, headsOf, plainTime, votesText, wordsOf } from './words.ts';

/** Nothing is loaded and nothing runs, whatever a log said: only the style below is allowed, by what it is. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text of anybody as a page shows it, apart from the direction of what is around it. */
export const escaped = (text: string): string => visible(text).replace(/[&<>"']/g, (one) => escapes[one]!);
const value = (text: string): string => `<bdi>${escaped(text)}</bdi>`;

/** A report as one page that needs no network. */
export function htmlOf(report: Report): string {
  const word = wordsOf(report);
  const { alert, acts, usual, more, steps, twins, raw } = report;
  const title = word('report.title', { id: alert.id, user: alert.user });
  const made = word('report.made', { version: report.program, at: plainTime(report.made), zone: report.zone });
  const parts = [
    ...section('acts', word('report.acts'), [
      ...rowsOf(report, acts),
      ...(more > 0 ? [`<p>${escaped(word('report.more', { n: more }))}</p>`] : []),
    ]),
    ...section('steps', word('report.steps'), [
      `<p>${escaped(word('report.steps.why'))}</p>`,
      '<ol>',
      ...steps.map((step) => stepOf(report, step)),
      '</ol>',
    ]),
    ...(twins.length === 0
      ? []
      : section('twins', word('report.twins'), [
          '<ul>',
          ...twins.map(
            ({ id, user, headline, shared }) =>
              `<li>${id}: ${value(user)}, ${value(headline)} <small>(${value(shared)})</small></li>`,
          ),
          '</ul>',
        ])),
    ...section('sure', word('report.sure'), [
      `<p>${escaped(report.sure.text)} ${escaped(word('report.votes', { votes: votesText(report) }))}</p>`,
    ]),
    ...(usual.length === 0 ? [] : section('usual', word('report.usual'), rowsOf(report, usual))),
    ...section('raw', word('report.raw'), rawOf(report, raw)),
  ];
  return `${[
    '<!doctype html>',
    `<html lang="${report.language}">`,
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1>${value(title)}</h1>`,
    `<p class="${bandClass(alert.band)}">${value(report.headline)}</p>`,
    '<dl>',
    ...factsOf(report).map(([name, text]) => `<div><dt>${escaped(name)}</dt><dd>${value(text)}</dd></div>`),
    '</dl>',
    `<p>${escaped(word('report.intro'))}</p>`,
    ...parts,
    '</main>',
    `<footer><p>${escaped(made)}</p></footer>`,
    '</body>',
    '</html>',
  ].join('\n')}\n`;
}

const section = (id: string, title: string, content: readonly string[]): string[] => [
  `<section aria-labelledby="${id}">`,
  `<h2 id="${id}">${escaped(title)}</h2>`,
  ...content,
  '</section>',
];

const bandClass = (band: string): string => (/^[a-z]+$/.test(band) ? `head ${band}` : 'head');

function rowsOf(report: Report, rows: readonly ReportRow[]): string[] {
  if (rows.length === 0) return [];
  const heads = headsOf(report);
  const cell = (at: number, content: string): string => `<td data-name="${escaped(heads[at]!)}">${content}</td>`;
  return [
    '<table>',
    `<thead><tr>${heads.map((head) => `<th scope="col">${escaped(head)}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...rows.map(
      ({ at, what, chain, count, known }) =>
        `<tr>${cell(0, escaped(plainTime(at)))}${cell(1, value(what))}${cell(2, chain.map(value).join(' → '))}${cell(3, String(count))}${cell(4, value(known))}</tr>`,
    ),
    '</tbody>',
    '</table>',
  ];
}

function stepOf(report: Report, { text, command, undo, note, done }: Report['steps'][number]): string {
  const word = wordsOf(report);
  const said = [
    ...(note === null ? [] : [value(note)]),
    ...(done === null ? [] : [escaped(word('report.done', { at: plainTime(done) }))]),
  ];
  return [
    `<li><p>${value(text)}${said.length > 0 ? ` <small>(${said.join('; ')})</small>` : ''}</p>`,
    ...(command === null ? [] : [`<pre>${escaped(command)}</pre>`]),
    ...(undo === null ? [] : [`<p><small>${escaped(word('report.undo'))} <code>${escaped(undo)}</code></small></p>`]),
    '</li>',
  ].join('');
}

function rawOf(report: Report, raw: Report['raw']): string[] {
  const word = wordsOf(report);
  if (raw.length === 0) return [`<p>${escaped(word('report.raw.none'))}</p>`];
  return [
    `<p>${escaped(word('report.raw.why', { n: raw.length }))}${report.cut ? ` ${escaped(word('report.raw.cut'))}` : ''}</p>`,
    '<ol>',
    ...raw.map(
      ({ time, host, path, line, query, action, columns }) =>
        `<li><p>${escaped(plainTime(time))} · ${value(host)} · ${value(query)} (${escaped(action)}) <small>${value(path)}:${line}</small></p><pre>${escaped(visibleJson(columns))}</pre></li>`,
    ),
    '</ol>',
  ];
}
