import type { LogForm, OriginalCsv } from '../line-forms/original-csv.ts';
import type { Action } from '../../models/action.ts';
import { learnableOf, tooFew } from '../engine/model-lifecycle/enough.ts';
import { learnFacts } from '../engine/facts/known.ts';
import { trainingOptionsOf, type EngineOptions } from '../engine/options.ts';
import { SubjectResolver } from '../engine/reading/subject-resolver.ts';
import type { Store } from '../engine/store/store.ts';
import { trainNow, type TrainedNow } from '../engine/model-lifecycle/train-now.ts';
import { storedNames, storeNames } from '../engine/reading/uid-names.ts';
import { addVersion } from '../engine/model-lifecycle/versions.ts';
import { trainInThread } from '../training/train-in-thread.ts';
import { exitCodes, Failure } from './failure.ts';
import { tellUser, progressBar, sayJson, sayTable } from './output.ts';
import { csvOf, demandResults, newTally, readLogs, tallyText, type Tally } from './read-logs.ts';
import { engineOptions, tellUsual, openState, settingsOf, type Shared } from './setup.ts';

export interface TrainOptions extends Shared {
  readonly log?: string[];
  readonly form?: LogForm;
  readonly json?: boolean;
}

/** What became of one subject. */
interface Report {
  readonly subject: string;
  /** To learn from: see `teaches`. */
  readonly actions: number;
  readonly algorithm: string;
  readonly version: number | null;
  readonly seconds: number;
  readonly problem?: string;
}

/** `ubad train`: a model for every subject of the logs or, without logs, of the store. */
export async function train(options: TrainOptions): Promise<void> {
  const config = settingsOf(options);
  tellUsual(options);
  const engine = await engineOptions(config, options.subject);
  const store = openState(config.state, false);
  try {
    const tally = newTally();
    const reports = options.log
      ? await trainOnLogs(store, engine, options.log, tally, csvOf(options))
      : await trainOnStored(store, engine);
    if (options.log) demandResults(tally, options.log);
    tell(reports, options, tally);
  } finally {
    store.close();
  }
}

async function trainOnLogs(
  store: Store,
  engine: EngineOptions,
  logs: readonly string[],
  tally: Tally,
  csv: OriginalCsv | undefined,
) {
  const resolver = new SubjectResolver(engine.subject, storedNames(store));
  const pasts = new Map<string, Action[]>();
  for await (const { subject, action } of readLogs(logs, engine.pack, resolver, tally, csv)) {
    const past = pasts.get(subject);
    if (past) past.push(action);
    else pasts.set(subject, [action]);
  }
  store.transaction(() => {
    storeNames(store, resolver);
    if (engine.facts === false) return;
    for (const [subject, past] of pasts) {
      const id = store.subjects.ensure(subject, past.at(-1)!.time);
      store.subjectState.setFacts(id, lastStored(store, id), learnFacts(subject, past).save());
    }
  });
  const reports: Report[] = [];
  for (const [subject, past] of pasts)
    reports.push(await reportOf(subject, engine, () => trainOn(store, engine, subject, past)));
  return reports;
}

async function trainOn(store: Store, engine: EngineOptions, subject: string, past: Action[]): Promise<TrainedNow> {
  const { algorithm, pack, state, now } = engine;
  const actions = learnableOf(past, pack);
  const problem = tooFew(actions, algorithm);
  if (problem !== undefined) return { actions, problem };
  const { files, manifest } = await trainInThread(past, {
    subject,
    algorithm,
    pack,
    now: now(),
    options: trainingOptionsOf(engine),
    onProgress: progressBar(subject),
  });
  const known = { ...manifest, training: { ...manifest.training, actions } };
  const version = store.transaction(() => {
    const id = store.subjects.ensure(subject, manifest.training.to);
    return addVersion(store, state, id, files, known, lastStored(store, id)).id;
  });
  return { actions, version };
}

/** A log is learned as it is: what the store has of the subject by then is not learned again. */
const lastStored = (store: Store, subjectId: number): number => store.actions.last(subjectId, 1)[0]?.id ?? 0;

async function trainOnStored(store: Store, engine: EngineOptions): Promise<Report[]> {
  const reports: Report[] = [];
  for (const subject of store.subjects.list()) {
    const { name } = subject;
    if (engine.subject !== undefined && name !== engine.subject) continue;
    reports.push(await reportOf(name, engine, () => trainNow(store, engine, subject, progressBar(name))));
  }
  return reports;
}

/** One subject's training that fails stops nobody else's. */
async function reportOf(subject: string, engine: EngineOptions, work: () => Promise<TrainedNow>): Promise<Report> {
  const started = performance.now();
  const { algorithm } = engine;
  try {
    const done = await work();
    const seconds = (performance.now() - started) / 1000;
    const version = 'version' in done ? done.version : null;
    const problem = 'problem' in done ? { problem: done.problem } : {};
    return { subject, actions: done.actions, algorithm, version, seconds, ...problem };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { subject, actions: 0, algorithm, version: null, seconds: 0, problem: `failed: ${error.message}` };
  }
}

function tell(reports: readonly Report[], { json }: TrainOptions, tally: Tally): void {
  if (json) sayJson({ trained: reports });
  else {
    const rows = reports.map(({ subject, actions, algorithm, version, seconds, problem = 'trained' }) => {
      const time = version === null ? '–' : `${seconds.toFixed(1)} s`;
      return [subject, actions, algorithm, version ?? '–', time, problem];
    });
    sayTable(['subject', 'actions', 'algorithm', 'version', 'time', ''], rows);
  }
  const warnings = tallyText(tally);
  if (warnings !== '') tellUser(warnings);
  if (reports.some(({ version }) => version !== null)) return;
  throw new Failure(
    'no subject had enough actions to learn from; give more or longer logs with --log.',
    exitCodes.noModel,
  );
}
