import type { AlertFile } from '../../contract/answer.ts';
import { visibleJson } from '../../contract/visible-text.ts';
import { htmlOf } from './html.ts';
import { markdownOf } from './markdown.ts';
import type { Report } from './report.ts';

const formats = {
  html: { type: 'text/html', write: htmlOf },
  md: { type: 'text/markdown', write: markdownOf },
  json: { type: 'application/json', write: (report: Report) => `${visibleJson(report, 2)}\n` },
} as const;
export type ReportFormat = keyof typeof formats;
export const reportFormats = Object.keys(formats) as readonly ReportFormat[];

/** A report as a file in one of the formats. */
export function fileOf(report: Report, format: ReportFormat): AlertFile {
  const { type, write } = formats[format];
  return { name: `ubad-alert-${report.alert.id}.${format}`, type: `${type}; charset=utf-8`, text: write(report) };
}
