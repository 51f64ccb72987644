import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as v from 'valibot';

import { random } from '../../models/random.ts';
import type { Bench, Row } from '../../scripts/bench/bench.ts';
import { engineSettingsSchema } from '../../src-main/contract/settings.ts';
import type { Explanation } from '../../src-main/engine/explanation/explain.ts';
import { storyOfIncident } from '../../src-main/engine/narrative/tell-incident.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { openStore } from '../../src-main/engine/store/open.ts';
import type { Store } from '../../src-main/engine/store/store.ts';
import { handlersOn } from '../../src-main/worker/handlers.ts';
import { EngineSession } from '../../src-main/worker/engine-session.ts';

const ACTIONS = 1_000_000;
const DAYS = 180;
const DAY = 86_400;
const TOGETHER = 1000;
const RUNS = 7;
const users = ['alice', 'bob', 'host:desk'];
const queries = ['process_start', 'net_out', 'shell_verb', 'listening', 'sessions', 'usb', 'media', 'heartbeat'];

/** Three users, one of whom does 71 % of it all, evenly over half a year up to now; every action judged. */
function fill(state: string, end: number): void {
  const opened = openStore(state, { now: end });
  if (!opened.ok) throw new Error(opened.problem.message);
  const { store } = opened;
  const next = random(1);
  const some = (count: number): number => Math.floor(next() * next() * count);
  for (let first = 0; first < ACTIONS; first += TOGETHER) {
    store.transaction(() => {
      const rows = Array.from({ length: TOGETHER }, (_, i) => {
        const time = Math.floor(end - DAYS * DAY + ((first + i) / ACTIONS) * DAYS * DAY);
        const columns = {
          path: `/usr/bin/p${some(900)}`,
          uid: '1000',
          parent_name: 'bash',
          cgroup_path: '/user.slice/user-1000.slice',
        };
        const action = { query: queries[some(queries.length)]!, change: 'added', time, columns } as const;
        const subjectId = store.subjects.ensure(users[some(users.length)]!, time);
        return { subjectId, action, host: 'desk', path: '/var/log/results.log', line: first + i + 1 };
      });
      for (const actionId of store.actions.append(rows)) {
        const z = 3 * next();
        const of = { incidentId: null, versionId: null, anomalous: false };
        store.scores.add({ actionId, score: z, window: z, lstm: z, ocsvm: null, ...of });
      }
    });
  }
  store.close();
}

/** An alert of the twenty actions before the last ones. */
function alertIn(store: Store, end: number): number {
  const { id } = store.subjects.byName('alice')!;
  const acts = store.actions.last(id, 200).slice(0, 20);
  const [first, last] = [acts[0]!, acts.at(-1)!];
  const explanation: Explanation = {
    sentence: 'alice: odd',
    factors: [],
    rest: 1,
    votes: [],
    familiar: [],
    surprises: [],
    nearest: [],
    actions: acts.map(({ id: action, action: { time, query, columns } }) => ({
      id: action,
      time,
      query,
      columns,
      score: 4,
    })),
    rank: { share: 0.99, of: 'training' },
    chance: 0.01,
  };
  const progress = {
    lastAction: last.id,
    lastTime: last.action.time,
    peak: 4,
    band: 'high',
    count: 1,
  };
  return store.transaction(() => {
    const begun = { subjectId: id, openedAt: end, firstAction: first.id, firstTime: first.action.time };
    const alert = store.incidents.open({ ...begun, ...progress, explanation });
    // Stored with it, as the engine does: else it is made again for each question.
    const story = storyOfIncident({ store, learning: defaultPack().learning }, store.incidents.byId(alert)!);
    store.incidents.extend(alert, { ...progress, explanation: { ...explanation, story } });
    return alert;
  });
}

/** How long the window waits for what it paints, with a million actions in the store. In the worker: without the way to the page. */
const bench: Bench = {
  name: 'window-data',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'ubad-bench-'));
    const session = new EngineSession(() => undefined);
    try {
      const state = join(folder, 'state');
      const end = Math.floor(Date.now() / 1000);
      fill(state, end);
      const calls = handlersOn(session, () => undefined);
      // Queries that count for nothing: no training runs beside what is measured.
      const scores = Object.fromEntries(queries.map((query) => [query, 0]));
      await calls.applySettings(v.parse(engineSettingsSchema, { state, scores }));
      const { opened } = session;
      const alert = alertIn(opened.store, end);
      const month = { from: end - 30 * DAY, to: end };
      const asked: Record<string, () => unknown> = {
        'overview, ms': () => calls.overview(undefined),
        'series of a month in 720 hours (119,000 actions), ms': () =>
          calls.series({ user: 'alice', ...month, buckets: 800 }),
        'series of half a year (709,000 actions), ms': () =>
          calls.series({ user: 'alice', from: end - DAYS * DAY, to: end, buckets: 2000 }),
        'spans of a month, ms': () => calls.spans(month),
        'usual hours of 90 days, ms': () => calls.hours('alice'),
        'search that finds 100, ms': () => calls.search({ text: '/usr/bin/p1', limit: 100 }),
        'search of 300,000 actions that finds nothing, ms': () => calls.search({ text: 'nothing such', limit: 100 }),
        'everything with a value that every action has, ms': () =>
          calls.entity({ as: 'value', value: '/user.slice/user-1000.slice' }),
        'everything with one program of 900, ms': () => calls.entity({ as: 'value', value: '/usr/bin/p450' }),
        'everything of a host, ms': () => calls.entity({ as: 'host', value: 'desk' }),
        'a page of 100 actions with one program of 900, ms': () =>
          calls.actionsWith({ as: 'value', value: '/usr/bin/p450', limit: 100 }),
        'what else there is about an alert, ms': () => calls.further(alert),
        'the 200 strangest of a month, ms': () =>
          calls.timeline({ user: 'alice', limit: 200, order: 'strangest', from: end - 30 * DAY }),
        'a page of 100 rows, ms': () => calls.timeline({ user: 'alice', limit: 100 }),
        'status, ms': () => calls.status(undefined),
      };
      if (opened.store.subjects.list().length !== users.length) throw new Error('the store is not what it should be');
      const rows: Row[] = [];
      for (const [what, ask] of Object.entries(asked)) {
        await ask();
        const samples: number[] = [];
        for (let run = 0; run < RUNS; run++) {
          const start = performance.now();
          await ask();
          samples.push(performance.now() - start);
        }
        rows.push({ what, unit: 'ms', samples });
      }
      rows.push(...(await justOpened(session, v.parse(engineSettingsSchema, { state, scores }))));
      return rows;
    } finally {
      await session.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** The overview of an engine that remembers nothing, of users of whom nothing teaches: the most that there is to look for. */
async function justOpened(
  session: EngineSession,
  settings: v.InferOutput<typeof engineSettingsSchema>,
): Promise<Row[]> {
  const [samples, processor]: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    await session.apply(settings);
    const calls = handlersOn(session, () => undefined);
    if (session.opened.store.subjects.list().length !== users.length)
      throw new Error('the store is not what it should be');
    const [start, before] = [performance.now(), process.cpuUsage()];
    await calls.overview(undefined);
    samples.push(performance.now() - start);
    const { user, system } = process.cpuUsage(before);
    processor.push((user + system) / 1000);
  }
  return [
    { what: 'overview just opened, ms', unit: 'ms', samples },
    { what: 'overview just opened, ms of processor time', unit: 'ms', samples: processor },
  ];
}

export default bench;
