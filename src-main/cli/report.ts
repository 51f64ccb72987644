import packageJson from '../../package.json' with { type: 'json' };
import { thisMachine } from '../engine/answer/machine.ts';
import { severityOf } from '../engine/judge.ts';
import { alertThresholdOf } from '../engine/thresholds.ts';
import { defaultPack } from '../engine/reading/pack.ts';
import { fileOf, reportFormats } from '../engine/report/file.ts';
import { NoReport, reportOf, type Report } from '../engine/report/report.ts';
import type { StoryLanguage } from '../contract/story/tell.ts';
import type { Store } from '../engine/store/store.ts';
import type { Incident } from '../engine/store/incidents.ts';
import { sensitivityOf } from '../settings/engine-options.ts';
import { exitCodes, Failure } from './failure.ts';
import { handOut } from './private-file.ts';
import { now, settingsOf, withStore, type Shared } from './setup.ts';

export interface ReportAsked extends Shared {
  readonly format?: string;
  readonly language: StoryLanguage;
  readonly output?: string;
}

/** `ubad alerts report ID` */
export function reportAlert(id: string, options: ReportAsked): void {
  const format = formatOf(options);
  const { algorithm, ...settings } = settingsOf(options);
  withStore(options, true, (store) => {
    const incident = store.incidents.byId(Number(id));
    if (!incident) throw new Failure(`no alert ${id}; see: ubad alerts list`, exitCodes.usage);
    const alarm = alertThresholdOf(store, { algorithm, sensitivity: sensitivityOf(settings) }, incident.subjectId);
    const severity = alarm === undefined ? null : severityOf(incident.peak, alarm);
    const { text } = fileOf(told(store, incident, options.language, severity), format);
    // Each format has its own door.
    handOut(text, options.output, `all that is known of alert ${id}`);
  });
}

function told(store: Store, incident: Incident, language: Report['language'], severity: number | null): Report {
  const { learning } = defaultPack();
  const options = { language, severity, machine: thisMachine(), version: packageJson.version, now: now() };
  try {
    return reportOf({ store, learning }, incident, options);
  } catch (error) {
    if (error instanceof NoReport) throw new Failure(error.message, exitCodes.failed);
    throw error;
  }
}

/** What was asked for, else by the file's ending, else Markdown. */
function formatOf({ format, output }: ReportAsked): (typeof reportFormats)[number] {
  const ending = /\.(\w+)$/.exec(output ?? '')?.[1];
  const wanted = format ?? (ending === 'htm' ? 'html' : ending) ?? 'md';
  const known = reportFormats.find((one) => one === wanted);
  if (known) return known;
  if (format === undefined) return 'md';
  throw new Failure(`--format «${format}»: use ${reportFormats.join(', ')}.`, exitCodes.usage);
}
