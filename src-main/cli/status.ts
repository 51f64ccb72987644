import { alertsPerDayAt } from '../../models/profile/normal.ts';
import type { Config } from '../settings/config.ts';
import { learnable } from '../engine/model-lifecycle/enough.ts';
import { logHealth } from '../engine/reading/log-health.ts';
import { oddities } from '../engine/reading/tally.ts';
import { oddTexts, seemingText } from '../line-forms/sentences.ts';
import { alertsWith } from '../engine/history.ts';
import { thresholdsOf } from '../engine/judge.ts';
import { cannotBeUsed } from '../engine/models/folder.ts';
import { manifestOf } from '../engine/models/manifest.ts';
import { defaultPack } from '../engine/reading/pack.ts';
import type { Store } from '../engine/store/store.ts';
import type { Subject } from '../engine/store/subjects.ts';
import type { Version } from '../engine/store/versions.ts';
import { sensitivityOf } from '../settings/engine-options.ts';
import { clock, say, sayJson, sayTable } from './output.ts';
import { settingsOf, withStore, type InspectOptions } from './setup.ts';

/** Drift from which a person should hear of it; the model follows it up to 1. */
const MUCH_DRIFT = 0.8;
const DAYS = 30;
const DAY = 86_400;

interface AlertFigures {
  /** z from which a window alarms. */
  readonly line: number;
  /** Alerts a week to be expected on normal behaviour. */
  readonly expectedPerWeek: number;
  /** Alerts that this line would have given in the subject's last 30 days. */
  readonly inLastDays: number;
  /** The largest shift of a detector's view of the user, in z. */
  readonly drift: number;
}

/** Where a subject's alarm line is and what it would have meant; undefined for a model that cannot be used. */
function alertFiguresOf(store: Store, subject: Subject, version: Version, config: Config): AlertFigures | undefined {
  const manifest = manifestOf(version);
  if (!manifest) return undefined;
  const { normal, drift } = manifest;
  const sensitivity = sensitivityOf(config);
  const thresholds = thresholdsOf(normal, sensitivity);
  return {
    line: thresholds.alarm,
    expectedPerWeek: 7 * alertsPerDayAt(normal, thresholds.alarm),
    inLastDays: alertsWith(store, subject.id, thresholds, subject.lastSeen - DAYS * DAY),
    drift: Math.max(0, ...Object.values(drift).map(({ mean }) => Math.abs(mean))),
  };
}

/** @param missing actions to learn from that the first training waits for */
const learningText = (missing: number): string =>
  missing > 0 ? `learning: ${missing} more actions to learn from` : 'learning: enough to learn from, to be trained';

/** `ubad status` */
export function status(options: InspectOptions): void {
  withStore(options, true, (store, state) => {
    const settings = settingsOf(options);
    const { trainAfter, scores } = settings;
    const pack = defaultPack(scores);
    const subjects = store.subjects.list().map((subject) => {
      const version = store.versions.list(subject.id).find(({ active }) => active);
      const open = store.incidents.list({ subjectId: subject.id, state: 'open' }).length;
      const model = version
        ? `${version.algorithm}, version ${version.id}`
        : learningText(trainAfter - learnable(store, pack, subject.id, trainAfter));
      const { name, stored: actions, lastSeen } = subject;
      const alarms = version && alertFiguresOf(store, subject, version, settings);
      const problem = version && cannotBeUsed(version, pack);
      const told = { subject: name, actions, lastSeen, model, openIncidents: open };
      return { ...told, alarms: alarms ?? null, problem: problem ?? null };
    });
    const report = {
      state,
      subjects,
      sources: store.checkpoints.list().map(({ checkpoint: { path, line } }) => ({ path, line })),
      refused: store.refusals.counts(),
      lost: store.losses.list(),
      logs: logHealth(store).map(({ path, seems, odd }) => ({ path, seems, odd })),
      size: store.sizes(),
    };
    if (options.json) {
      sayJson(report);
      return;
    }
    const rows = subjects.map(({ subject, actions, lastSeen, model, openIncidents, alarms }) => [
      ...[subject, actions, clock(lastSeen), model, openIncidents],
      alarms === null ? '' : `z ${alarms.line.toFixed(1)}: ${alarms.inLastDays} alerts in the last 30 days`,
    ]);
    sayTable(['subject', 'actions', 'last action', 'model', 'open incidents', 'alarm line'], rows);
    for (const { subject, alarms } of subjects) {
      if (alarms && alarms.drift > MUCH_DRIFT) {
        say(
          `${subject} works otherwise than when the model was made: drift ${alarms.drift.toFixed(1)} of 1. Train again.`,
        );
      }
    }
    for (const { subject, problem } of subjects) if (problem !== null) say(`the model of ${subject}: ${problem}`);
    for (const { path, line } of report.sources) say(`read ${path} up to line ${line}`);
    for (const { path, reason, count } of report.refused) say(`refused ${count} lines of ${path}: ${reason}`);
    for (const { path, seems, odd } of report.logs) {
      if (seems) say(seemingText(path, seems));
      for (const one of oddities) if (odd[one] !== undefined) say(`${odd[one]} lines of ${path} ${oddTexts[one]}`);
    }
    for (const { host, query, count } of report.lost) say(`lost ${count} results of ${query} on ${host}`);
  });
}
