import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';

import { describe } from '../engine/describe.ts';
import type { Explanation } from '../engine/explain.ts';
import { readModel } from '../engine/models/folder.ts';
import { defaultPack } from '../engine/reading/pack.ts';
import type { Incident } from '../engine/store/incidents.ts';
import type { Store } from '../engine/store/store.ts';
import type { Version } from '../engine/store/versions.ts';
import { adoptVersion } from '../engine/versions.ts';
import { exitCodes, Failure } from './failure.ts';
import { clock, say, sayJson, table } from './output.ts';
import { now, settingsOf, withStore, type Shared } from './setup.ts';

export interface InspectOptions extends Shared {
  readonly json?: boolean;
}

/** `ubad status` */
export function status(options: InspectOptions): void {
  withStore(options, true, (store, state) => {
    const { trainAfter } = settingsOf(options);
    const subjects = store.subjects.list().map((subject) => {
      const version = store.versions.list(subject.id).find(({ active }) => active);
      const open = store.incidents.list({ subjectId: subject.id, state: 'open' }).length;
      const wait = Math.max(0, trainAfter - subject.stored);
      const model = version ? `${version.algorithm}, version ${version.id}` : `learning: ${wait} more actions needed`;
      return { subject: subject.name, actions: subject.stored, lastSeen: subject.lastSeen, model, openIncidents: open };
    });
    const report = {
      state,
      subjects,
      sources: store.checkpoints.list().map(({ checkpoint: { path, line } }) => ({ path, line })),
      refused: store.refusals.counts(),
      lost: store.losses.list(),
      size: store.sizes(),
    };
    if (options.json) {
      sayJson(report);
      return;
    }
    const rows = subjects.map(({ subject, actions, lastSeen, model, openIncidents }) => [
      subject,
      actions,
      clock(lastSeen),
      model,
      openIncidents,
    ]);
    say(table(['subject', 'actions', 'last action', 'model', 'open incidents'], rows));
    for (const { path, line } of report.sources) say(`read ${path} up to line ${line}`);
    for (const { path, reason, count } of report.refused) say(`refused ${count} lines of ${path}: ${reason}`);
    for (const { host, query, count } of report.lost) say(`lost ${count} results of ${query} on ${host}`);
  });
}

const versionOf = (store: Store, id: string): Version => {
  const version = store.versions.byId(Number(id));
  if (!version) throw new Failure(`no model version ${id}; see: ubad models list`, exitCodes.usage);
  return version;
};

/** `ubad models list` */
export function listModels(options: InspectOptions): void {
  withStore(options, true, (store) => {
    const versions = store.versions.list().map((version) => ({
      ...{ version: version.id, subject: store.subjects.byId(version.subjectId)?.name ?? '?' },
      ...{ algorithm: version.algorithm, created: version.createdAt, active: version.active },
    }));
    if (options.json) sayJson(versions);
    else {
      const rows = versions.map(({ version, subject, algorithm, created, active }) => [
        version,
        subject,
        algorithm,
        clock(created),
        active ? 'in use' : '',
      ]);
      say(table(['version', 'subject', 'algorithm', 'made', ''], rows));
    }
  });
}

/** `ubad models show ID` */
export function showModel(id: string, options: InspectOptions): void {
  withStore(options, true, (store) => {
    const version = versionOf(store, id);
    const read = readModel(version.folder, defaultPack().fingerprint);
    sayJson({ ...version, usable: read.ok, problem: read.ok ? null : read.problem.message });
  });
}

/** `ubad models export ID FOLDER`: the model's files as they are, to be read elsewhere. */
export function exportModel(id: string, folder: string, options: InspectOptions): void {
  withStore(options, true, (store) => {
    const { folder: own } = versionOf(store, id);
    const to = resolve(folder);
    if (existsSync(to)) throw new Failure(`${to} exists already; name a new folder.`, exitCodes.usage);
    mkdirSync(to, { recursive: true, mode: 0o700 });
    cpSync(own, to, { recursive: true });
    say(to);
  });
}

/** `ubad models import FOLDER`: verified, then in use at once. */
export function importModel(folder: string, options: InspectOptions): void {
  withStore(options, false, (store, state) => {
    const from = resolve(folder);
    const read = readModel(from, defaultPack(settingsOf(options).scores).fingerprint);
    if (!read.ok) throw new Failure(read.problem.message, exitCodes.unreadable);
    const id = store.transaction(() =>
      adoptVersion(store, state, options.subject ?? read.manifest.subject, read, now()),
    );
    say(`version ${id}`);
  });
}

/** `ubad models rollback ID`: this version is in use again. */
export function rollback(id: string, options: InspectOptions): void {
  withStore(options, false, (store) => {
    const { id: version } = versionOf(store, id);
    store.transaction(() => {
      store.versions.activate(version);
    });
    say(`version ${version} is in use`);
  });
}

/** `ubad models delete ID`; its files go at the next start of the engine. */
export function deleteModel(id: string, options: InspectOptions): void {
  withStore(options, false, (store) => {
    const { id: version } = versionOf(store, id);
    store.transaction(() => {
      store.versions.remove(version);
    });
    say(`version ${version} is deleted`);
  });
}

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
    say(table(['id', 'began', 'band', 'z', 'state', 'why'], rows));
  });
}

const sentenceOf = ({ explanation }: Incident): string => (explanation as Explanation | null)?.sentence ?? '';

/** `ubad alerts show ID` */
export function showAlert(id: string, options: InspectOptions): void {
  withStore(options, true, (store) => {
    const incident = store.incidents.byId(Number(id));
    if (!incident) throw new Failure(`no alert ${id}; see: ubad alerts list`, exitCodes.usage);
    if (options.json) {
      sayJson(incident);
      return;
    }
    const why = incident.explanation as Explanation;
    const times = `${clock(incident.firstTime)} – ${clock(incident.lastTime)}`;
    say(why.sentence);
    say(
      `${times}, ${incident.band}, ${incident.state}, peak z ${incident.peak.toFixed(2)}, chance ${percent(why.chance)}`,
    );
    for (const part of explained(why)) say(`\n${part}`);
  });
}

const percent = (share: number): string =>
  share > 0 && share < 0.001 ? '<0.1 %' : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

/** An alert's explanation as tables: factors, votes, what was expected, what was familiar, the strangest actions. */
function explained({ factors, rest, votes, familiar, surprises, nearest, actions }: Explanation): string[] {
  const { learning } = defaultPack();
  const others = rest > 0 ? [['everything else', percent(rest), '']] : [];
  const parts = [
    table(
      ['what spoke against it', 'share', 'by'],
      [...factors.map(({ text, share, by }) => [text, percent(share), Object.keys(by).join(', ')]), ...others],
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
  if (familiar.length > 0) parts.push(`What lowered it: ${familiar.map(({ text }) => text).join('; ')}`);
  if (nearest.length > 0) {
    const similar = nearest.map(({ from, similarity }) => `${clock(from)} (${percent(similarity)} alike)`);
    parts.push(`Most similar normal behaviour: ${similar.join(', ')}`);
  }
  return parts;
}
