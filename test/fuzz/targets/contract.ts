import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as v from 'valibot';

import { desktopCalls, engineCalls } from '../../../src-main/contract/contract.ts';
import { engineSettingsSchema } from '../../../src-main/contract/settings.ts';
import { answer } from '../../../src-main/contract/ipc.ts';
import { handlersOn } from '../../../src-main/worker/handlers.ts';
import { EngineSession } from '../../../src-main/worker/engine-session.ts';
import { batchOf, lineOf } from '../../engine/log-lines.ts';
import { ordinary } from '../../models/ordinary.ts';
import { only, type Target } from '../target.ts';

const session = new EngineSession(() => undefined);
const handlers = handlersOn(session, () => undefined);
// Not asked: what opens other folders, closes this one or works for minutes.
const { applySettings, close, trainNow, ...asked } = engineCalls;
const checked = { applySettings, close, trainNow, ...desktopCalls };

const scores = { action: 2, window: 3, lstm: null, ocsvm: 3, votes: [] };
let prepared: Promise<void> | undefined;

/** A session with a user and two alerts. */
async function prepare(): Promise<void> {
  const state = join(mkdtempSync(join(tmpdir(), 'ubad-fuzz-')), 'state');
  await session.apply(v.parse(engineSettingsSchema, { state, algorithm: 'ocsvm' }));
  session.ingest(
    batchOf(
      ordinary(300).map((action) =>
        lineOf({ ...action, columns: { ...action.columns, uid: '1000', username: 'alice' } }),
      ),
    ),
  );
  const { store } = session.opened;
  const [{ id: subjectId } = { id: 1 }] = store.subjects.list();
  const actions = [{ id: 5, time: 1.75e9, query: 'programs', columns: { path: '/usr/bin/nc' }, score: 4 }];
  const explanation = {
    sentence: 'x',
    factors: [],
    rest: 0,
    votes: [],
    familiar: [],
    surprises: [],
    nearest: [],
    actions,
    rank: { share: 0.9, of: 'training' },
    chance: 0.1,
  };
  store.transaction(() => {
    for (const firstAction of [5, 9]) {
      const times = { openedAt: 1.75e9, firstTime: 1.75e9, lastTime: 1.75e9 };
      store.incidents.open({
        ...times,
        subjectId,
        firstAction,
        lastAction: firstAction,
        peak: scores.window,
        band: 'high',
        count: 1,
        explanation,
      });
    }
  });
}

const inputs: Readonly<Record<string, readonly unknown[]>> = {
  checkpoint: ['/var/log/test.log'],
  ingest: [batchOf([lineOf(ordinary(1)[0]!), '{'])],
  alerts: [{ limit: 10 }, { user: 'alice', band: 'high', state: 'open', before: 3, limit: 5 }],
  alert: [1],
  undo: [1],
  rollback: [1],
  status: [null],
  models: [null],
  mark: [
    { alert: 1, kinds: ['program'], verdict: 'normal', days: 7 },
    { alert: 2, kinds: [], verdict: 'suspicious', days: null },
  ],
  preview: [{ alert: 1, kinds: ['action', 'hour'] }],
  timeline: [
    { user: 'alice', limit: 20 },
    { user: 'alice', limit: 20, before: { time: 1.75e9, id: 9 } },
  ],
  changeSettings: [{ theme: 'dark' }],
  snooze: [{ user: 'alice', minutes: 5 }],
  openExternal: ['https://example.org/'],
  showWindow: ['#/alerts/7'],
  pause: ['1-hour'],
  setAutostart: [true],
};

/** The name of a question, a newline, and its input as JSON. */
export const contract: Target = {
  name: 'contract',
  reaches: /src-main\/(contract|worker|engine\/(store|feedback))/,
  seeds: Object.entries(inputs).flatMap(([name, values]) => values.map((value) => `${name}\n${JSON.stringify(value)}`)),
  words: [
    'alert',
    'kinds',
    'verdict',
    'days',
    'user',
    'limit',
    'before',
    'normal',
    'alice',
    'time',
    'id',
    'lines',
    'checkpoint',
  ],
  async check(input) {
    await (prepared ??= prepare());
    const end = input.indexOf('\n');
    const name = input.slice(0, end);
    const raw = only(SyntaxError, () => JSON.parse(input.slice(end + 1)) as unknown);
    if (Object.hasOwn(checked, name)) {
      v.safeParse(checked[name as keyof typeof checked].input, raw);
      return;
    }
    const answered = await answer(asked, handlers, name, raw);
    structuredClone(answered);
    if (answered.ok) return;
    // 'failed' is what a handler's bug becomes.
    if (answered.code === 'failed') throw new Error(`${name} failed: ${answered.message}`);
    if (answered.message.length > 20_000)
      throw new Error(`${name}: an answer of ${answered.message.length} characters`);
  },
};
