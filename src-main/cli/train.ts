import { actionsNeeded } from '../../models/profile/training.ts';
import type { Action } from '../../models/action.ts';
import { trainInThread } from '../train-in-thread.ts';
import { Who } from '../engine/reading/who.ts';
import type { Store } from '../engine/store/store.ts';
import { storedNames, storeNames } from '../engine/uid-names.ts';
import { addVersion } from '../engine/versions.ts';
import { exitCodes, Failure } from './failure.ts';
import { note, progressBar, sayJson, sayTable } from './output.ts';
import { newTally, readLogs, tallyText } from './read-logs.ts';
import { engineOptions, openState, settingsOf, type Shared } from './setup.ts';

export interface TrainOptions extends Shared {
  readonly log?: string[];
  readonly json?: boolean;
}

interface Report {
  subject: string;
  actions: number;
  algorithm: string;
  version: number | null;
  seconds: number;
  problem?: string;
}

/** `ubad train`: a model for every subject of the logs or, without logs, of the store. */
export async function train(options: TrainOptions): Promise<void> {
  const config = settingsOf(options);
  const engine = await engineOptions(config, options.subject);
  const store = openState(config.state, false);
  try {
    const tally = newTally();
    const who = new Who(options.subject, storedNames(store));
    const pasts = options.log
      ? await collect(store, options.log, engine.pack, who, tally)
      : stored(store, options.subject);
    store.transaction(() => {
      storeNames(store, who);
    });
    const reports: Report[] = [];
    for (const [subject, { actions, afterAction }] of pasts) {
      const started = performance.now();
      const needed = actionsNeeded(config.algorithm);
      const report = { subject, actions: actions.length, algorithm: config.algorithm, version: null, seconds: 0 };
      if (actions.length < needed) {
        reports.push({ ...report, problem: `needs ${needed} actions at least` });
        continue;
      }
      const { files, manifest } = await trainInThread(actions, {
        ...{ subject, algorithm: config.algorithm, pack: engine.pack, now: engine.now() },
        options: { seed: config.seed, windowLength: engine.windowLength, math: engine.math },
        onProgress: progressBar(subject),
      });
      const version = store.transaction(() => {
        const id = store.subjects.ensure(subject, manifest.training.to);
        return addVersion(store, config.state, id, files, manifest, afterAction).id;
      });
      reports.push({ ...report, version, seconds: (performance.now() - started) / 1000 });
    }
    tell(reports, options, tallyText(tally));
  } finally {
    store.close();
  }
}

/** Of each subject the actions, oldest first, and the stored one up to which the model then knows all. */
type Pasts = Map<string, { actions: Action[]; afterAction: number }>;

async function collect(
  store: Store,
  logs: readonly string[],
  pack: Parameters<typeof readLogs>[1],
  who: Who,
  tally: ReturnType<typeof newTally>,
): Promise<Pasts> {
  const pasts: Pasts = new Map();
  for await (const { subject: whose, action } of readLogs(logs, pack, who, tally)) {
    const past = pasts.get(whose);
    if (past) past.actions.push(action);
    else pasts.set(whose, { actions: [action], afterAction: lastStored(store, whose) });
  }
  return pasts;
}

/** A log is learned as it is: what the store has of the subject by then is not learned again. */
function lastStored(store: Store, subject: string): number {
  const known = store.subjects.byName(subject);
  return known ? (store.actions.last(known.id, 1)[0]?.id ?? 0) : 0;
}

function stored(store: Store, only: string | undefined): Pasts {
  const pasts: Pasts = new Map();
  for (const { id, name } of store.subjects.list()) {
    if (only !== undefined && name !== only) continue;
    const actions: Action[] = [];
    let afterAction = 0;
    for (const row of store.actions.after(id, 0)) {
      actions.push(row.action);
      afterAction = row.id;
    }
    pasts.set(name, { actions, afterAction });
  }
  return pasts;
}

function tell(reports: readonly Report[], { json }: TrainOptions, warnings: string): void {
  if (json) sayJson({ trained: reports });
  else {
    const rows = reports.map(({ subject, actions, algorithm, version, seconds, problem }) => [
      ...[
        subject,
        actions,
        algorithm,
        version ?? '–',
        version === null ? '–' : `${seconds.toFixed(1)} s`,
        problem ?? 'trained',
      ],
    ]);
    sayTable(['subject', 'actions', 'algorithm', 'version', 'time', ''], rows);
  }
  if (warnings !== '') note(warnings);
  if (!reports.some(({ version }) => version !== null)) {
    throw new Failure(
      'no subject had enough actions to learn from; give more or longer logs with --log.',
      exitCodes.noModel,
    );
  }
}
