import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type { Engine } from '../engine/engine.ts';
import { thresholdsOf } from '../engine/judge.ts';
import { manifestOf } from '../engine/models/manifest.ts';
import type { EngineOptions, IncidentEvent } from '../engine/options.ts';
import type { Store } from '../engine/store/store.ts';
import { exampleLabels, openExample } from '../example/prepare.ts';
import { exampleLog, replay } from '../example/source.ts';
import type { Label } from '../simulate/simulate.ts';
import { outcomeOf, type Detection, type JudgedAction, type UserOutcome } from './evaluate/attacks.ts';
import { sumUp } from './evaluate/sum-up.ts';
import { exitCodes, Failure } from './failure.ts';
import { tellUser, tellUserOnly, progressBar, say, sayJson, sayLines, sayTable, table } from './output.ts';
import { engineOptions, settingsOf, type Shared } from './setup.ts';

export interface DemoOptions extends Shared {
  /** Train on the first two weeks instead of taking the models that ship. */
  readonly train?: boolean;
  readonly speed?: string;
  readonly json?: boolean;
}

/** One user of the example, and what came of the last week. */
interface Shown extends UserOutcome {
  /** Incidents that touch no attack, a day. */
  readonly falseAlertsPerDay: number;
  readonly alerts: number;
}

/**
 * `ubad demo`: replays the example through the real engine, in a state folder of its own that is gone afterwards, and
 * compares what was found with the labels.
 * @param root the folder that holds data/ and models/
 */
export async function demo(options: DemoOptions, root: string): Promise<void> {
  const speed = options.speed === undefined ? Infinity : Number(options.speed);
  if (!(speed > 0)) throw new Failure(`--speed «${options.speed ?? ''}»: use a number above 0.`, exitCodes.usage);
  const own = options.state === undefined;
  const state = options.state ?? mkdtempSync(join(tmpdir(), 'ubad-example-'));
  try {
    await run({ ...options, state: resolve(state) }, root, speed);
  } finally {
    if (own) rmSync(state, { recursive: true, force: true });
  }
}

async function run(options: DemoOptions & { readonly state: string }, root: string, speed: number): Promise<void> {
  // The defaults, whatever this machine is set to: an example shows the same everywhere.
  const config = settingsOf({ ...options, config: options.config ?? join(options.state, 'config.json') });
  // All evidence: an example should show what there is.
  const algorithm = options.algorithm === undefined ? 'both' : config.algorithm;
  const settings = await engineOptions({ ...config, algorithm }, undefined);
  const bars = new Map<string, (progress: number) => void>();
  tellUser('The example is invented (data/README.md): nothing of your machine is read.');
  tellUser(options.train ? 'Learning from its first two weeks…' : 'Reading its first two weeks; their models ship…');
  const opened = await openExample(
    settings,
    {
      notice: tellUserOnly,
      incident: (event) => {
        if (!options.json) tell(event);
      },
      training: (subject, progress) => {
        const bar = bars.get(subject) ?? progressBar(`learning ${subject}`);
        bars.set(subject, bar);
        bar(progress);
      },
    },
    { root, models: options.train ? 'trained' : 'shipped' },
  );
  if (!opened.ok) throw new Failure(opened.problem.message, exitCodes.state);
  const { engine } = opened;
  try {
    tellUser('Now the week after it, in which twenty attacks are laid:');
    const from = engine.checkpoint(exampleLog(root, 'week'));
    for await (const batch of replay({ root, part: 'week', speed, ...(from && { from }) })) {
      engine.ingest(batch);
      await engine.trainDue();
    }
    show(outcomes(engine, settings, root), options);
  } finally {
    engine.close();
  }
}

function tell({ change, sentence, band }: IncidentEvent): void {
  if (change === 'opened') say(`  ${band.toUpperCase().padEnd(8)} ${sentence}`);
}

/** What was found, user by user. */
function outcomes(engine: Engine, { algorithm, sensitivity }: EngineOptions, root: string): Shown[] {
  const { store } = engine;
  const labels = exampleLabels(root);
  const week = exampleLog(root, 'week');
  const before = engine.checkpoint(exampleLog(root, 'past'))?.line ?? 0;
  const users = new Set(labels.map(({ user }) => user));
  const others = linesOfOthers(store, users, week, before);
  return store.subjects
    .list()
    .filter(({ name }) => users.has(name))
    .flatMap(({ id, name }) => {
      const normal = manifestOf(store.versions.active(id, algorithm))?.normal;
      if (!normal) return [];
      const actions: (JudgedAction & { readonly id: number })[] = [];
      for (const {
        id: action,
        line,
        path,
        action: { time },
      } of store.actions.after(id, 0)) {
        if (path !== week) continue;
        actions.push({ id: action, line: before + line, time, score: store.scores.of(action)?.window });
      }
      const outcome = outcomeOf(name, actions, labels, thresholdsOf(normal, sensitivity).alarm, others);
      const lineOf = new Map(actions.map((one) => [one.id, one.line]));
      // Those of the first two weeks are of models that had seen less of them.
      const incidents = store.incidents
        .list({ subjectId: id, limit: 1000 })
        .filter(({ lastAction }) => lineOf.has(lastAction));
      const isFalse = ({ firstAction, lastAction }: (typeof incidents)[number]): boolean =>
        !touches(labels, name, lineOf.get(firstAction) ?? 0, lineOf.get(lastAction) ?? 0);
      return {
        ...outcome,
        alerts: incidents.length,
        falseAlertsPerDay: incidents.filter(isFalse).length / outcome.days,
      };
    });
}

/** Lines at which alerts of machines and of accounts without a model begin. */
function linesOfOthers(store: Store, users: ReadonlySet<string>, week: string, before: number): number[] {
  const others = store.subjects.list().filter(({ name }) => !users.has(name));
  return others
    .flatMap(({ id }) => store.incidents.list({ subjectId: id, limit: 1000 }))
    .flatMap(({ firstAction }) => store.actions.byId(firstAction) ?? [])
    .flatMap(({ line, path }) => (path === week ? [before + line] : []));
}

/** Whether a line of an attack on the user lies between the two. */
const touches = (labels: readonly Label[], user: string, from: number, to: number): boolean =>
  labels.some((label) => label.user === user && label.lines.some(([first, last]) => first <= to && last >= from));

function show(users: readonly Shown[], { json }: DemoOptions): void {
  const summary = { ...sumUp(users), falseAlertsPerDayAndUser: mean(users.map((user) => user.falseAlertsPerDay)) };
  if (json) {
    sayJson({ summary, users });
    return;
  }
  const rows = users.flatMap(({ attacks }) =>
    attacks.map(({ user, name, mitre, strength, atOwnLine }) => [
      ...[user, name, mitre, strength, atOwnLine?.found ? 'found' : 'missed'],
      atOwnLine?.found ? afterText(atOwnLine) : '–',
    ]),
  );
  sayLines(['', ...table(['user', 'attack', 'ATT&CK', '', '', 'after'], rows), '']);
  const perUser = users.map(({ user, actions, rocAuc, attacks, alerts, falseAlertsPerDay }) => [
    ...[user, actions, rocAuc === null ? '–' : rocAuc.toFixed(3)],
    ...[
      `${attacks.filter(({ atOwnLine }) => atOwnLine?.found).length} of ${attacks.length}`,
      alerts,
      falseAlertsPerDay.toFixed(2),
    ],
  ]);
  sayTable(['user', 'actions', 'ROC-AUC', 'attacks found', 'alerts', 'false alerts a day'], perUser);
  const { attacks, atOwnLine, atOneAlertADay } = summary;
  say('');
  say(`${atOwnLine?.found ?? 0} of ${attacks} attacks found at a budget of one alert a week and user.`);
  say(`At one alert a day and user it would be ${atOneAlertADay.found}. What that tells, and what not: data/README.md`);
  say('Your own log: ubad start --log FILE, or see README.md for how to set osquery up.');
}

const afterText = ({ delayActions, delayMinutes }: Detection): string =>
  delayActions === null ? 'told of the machine' : `${delayActions} actions, ${Math.round(delayMinutes ?? 0)} min`;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
