import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { desktopCalls, viewCalls } from '../../src-main/contract/contract.ts';
import { NotificationPolicy } from '../../src-main/desktop/notification-policy.ts';
import { metricsText } from '../../src-main/web/metrics.ts';
import { askOf, bearer, newMachine, send, started } from '../web/served.ts';
import { NOW } from '../engine/store/store-at.ts';
import { scratch } from '../scratch.ts';
import { ACTS, FORGES, HOSTILE, plantHostile } from './hostile-store.ts';

/** Fails with what got through, and after which words. */
function mustBeHarmless(text: string, what: string): void {
  const acts = ACTS.exec(text);
  const around = acts ? JSON.stringify(text.slice(Math.max(0, acts.index - 60), acts.index + 10)) : '';
  expect(around, what).toBe('');
  expect(text, what).not.toMatch(FORGES);
}

describe('rows of a store, of which every text is hostile, do nothing to a terminal', () => {
  const folder = scratch();
  const at = (name: string): string => join(folder, name);
  let ids: ReturnType<typeof plantHostile>;

  function ubad(state: string, ...words: string[]): string {
    const env = { ...process.env, XDG_CONFIG_HOME: at('config'), XDG_STATE_HOME: at('states'), NO_COLOR: '1' };
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['src-main/cli.ts', ...words, '--state', at(state)],
      { encoding: 'utf8', env },
    );
    expect(status, stderr).not.toBeNull();
    mustBeHarmless(stdout, words.join(' '));
    mustBeHarmless(stderr, `${words.join(' ')}: standard error`);
    return stdout + stderr;
  }

  beforeAll(() => {
    ids = plantHostile(at('state'));
    mkdirSync(at('config/ubad'), { recursive: true });
    writeFileSync(at('line.log'), `{"name":"${JSON.stringify(HOSTILE).slice(1, -1)}","unixTime":1}\n${HOSTILE}\n`);
  });

  // Each command, with whether the hostile text is part of what it says at all: else the row would prove nothing.
  it.each<[tells: boolean, ...words: string[]]>([
    [true, 'status'],
    [true, 'status', '--json'],
    [true, 'alerts', 'list'],
    [true, 'alerts', 'list', '--json'],
    [true, 'alerts', 'show', 'ALERT'],
    [true, 'alerts', 'show', 'ALERT', '--json'],
    [true, 'alerts', 'mark', 'ALERT', 'normal', '--scope', 'action', '--preview'],
    [true, 'alerts', 'report', 'ALERT'],
    [true, 'alerts', 'report', 'ALERT', '--format', 'html'],
    [true, 'alerts', 'report', 'ALERT', '--format', 'json'],
    [true, 'rules', 'list'],
    [true, 'rules', 'list', '--json'],
    [true, 'models', 'list'],
    [true, 'models', 'show', 'VERSION'],
    [true, 'export', 'NAME'],
    [true, 'forget', 'NAME'],
    [true, 'forget', 'NAME', '--json'],
    [true, 'export', 'NAME!'],
    [true, 'alerts', 'list', '--subject', 'NAME!'],
    [true, 'train', '--algorithm', 'ocsvm'],
    [true, 'models', 'anchor', 'NAME'],
    [true, 'doctor'],
    [true, 'doctor', '--log', '/NAME'],
    [false, 'score', '--log', 'LINES'],
    [true, 'models', 'export', 'VERSION', '/nonexistent/NAME'],
    [true, 'config', 'get', 'NAME'],
    [true, 'NAME'],
    [true, 'status', '--NAME'],
    [true, 'rules', 'remove', 'NAME'],
  ])('whether it tells and what: %j %j %j %j %j', (tells, ...words) => {
    const names = { ALERT: String(ids.alert), VERSION: String(ids.version), LINES: at('line.log'), NAME: HOSTILE };
    const meant = words.map((word) => word.replace(/[A-Z]{4,}/, (name) => names[name as keyof typeof names]));
    const said = ubad('state', ...meant);
    expect(said.includes('FORGED'), said).toBe(tells);
  });

  it('nor out of a well-formed backup of it, nor in a file for others', () => {
    ubad('state', 'backup', at('hostile.backup'));
    ubad('back', 'restore', at('hostile.backup'));
    expect(ubad('back', 'status')).toContain('FORGED');
    ubad('back', 'diagnostics', at('diagnostics.json'));
    mustBeHarmless(readFileSync(at('diagnostics.json'), 'utf8'), 'diagnostics');
    ubad('back', 'export', HOSTILE, '--out', at('export.json'));
    mustBeHarmless(readFileSync(at('export.json'), 'utf8'), 'export');
  });

  it('nor do settings', () => {
    const file = at('config/hostile.json');
    writeFileSync(file, JSON.stringify({ log: `/${HOSTILE}`, scores: { [HOSTILE]: 1 } }));
    for (const words of [['config', 'get'], ['config', 'get', 'scores'], ['doctor'], ['config', 'set', 'log', HOSTILE]])
      ubad('state', ...words, '--config', file);
    writeFileSync(file, JSON.stringify({ algorithm: HOSTILE }));
    expect(ubad('state', 'config', 'get', '--config', file)).toContain('hostile.json');
    expect(existsSync(file)).toBe(true);
  });
});

it('answers every call of the window, and the metrics, with nothing that acts', async () => {
  const machine = newMachine();
  const { alert, version } = plantHostile(machine.state);
  const web = await started(machine);
  const asks: Readonly<Record<string, unknown>> = {
    alerts: { limit: 10 },
    alert,
    acknowledge: alert,
    undo: 9,
    preview: { alert, kinds: ['program'] },
    markAll: { alerts: [alert], verdict: 'suspicious' },
    undoAll: [9],
    tick: { alert, step: 'lock', done: true },
    report: { alert, format: 'html', language: 'de' },
    mark: { alert, kinds: [], verdict: 'suspicious', days: null },
    timeline: { user: HOSTILE, limit: 10 },
    series: { user: HOSTILE, from: NOW - 60, to: NOW + 60, buckets: 5 },
    spans: { from: 0, to: NOW + 60 },
    hours: HOSTILE,
    search: { text: 'FORGED', limit: 10 },
    alertsById: [alert],
    feedback: { limit: 10 },
    rollback: version,
    answerSlowChange: { user: HOSTILE, mine: true },
    trainNow: HOSTILE,
    exportUser: { user: HOSTILE, after: 0 },
    snooze: { user: HOSTILE, minutes: 5 },
    unsnooze: HOSTILE,
    deleteSince: { user: HOSTILE, seconds: 1 },
    deleteUser: `${HOSTILE}!`,
    pause: '1-hour',
    showWindow: HOSTILE,
    changeSettings: { log: HOSTILE },
    openExternal: HOSTILE,
    setUp: HOSTILE,
  };
  const names = [...Object.keys(viewCalls), ...Object.keys(desktopCalls)].filter((name) => name !== 'startExample');
  // The engine has to be there first.
  await expect.poll(async () => (await askOf(web, 'status')).ok, { timeout: 20_000 }).toBe(true);
  let tellers = 0;
  for (const name of [...names, HOSTILE]) {
    const body = JSON.stringify({ name, input: asks[name] ?? null });
    const reply = await send(web, '/ask', { method: 'POST', headers: bearer(web) }, body);
    expect(reply.status, name).toBe(200);
    mustBeHarmless(reply.body, name);
    if (reply.body.includes('FORGED')) tellers++;
  }
  // Else this would prove nothing: most of them tell of rows.
  expect(tellers).toBeGreaterThan(12);
  const metrics = await send(web, '/metrics', { headers: bearer(web) });
  expect(metrics.body).toContain('ubad_lost_results_total');
  mustBeHarmless(metrics.body, 'metrics');
  expect(metrics.body).toContain('FORGED');
  for (const text of machine.notes) mustBeHarmless(text.replaceAll(HOSTILE, ''), 'a note');
});

it('gives Prometheus each series once, though two users look alike', () => {
  const user = (name: string, actions: number) => ({
    name,
    actions,
    lastSeen: NOW,
    openAlerts: 0,
    waitingAlerts: 0,
    newAlerts: 0,
    model: { state: 'learning', progress: 0 } as const,
  });
  const text = metricsText({
    worker: { state: 'up' },
    source: null,
    version: '1',
    status: { users: [user('a\u200b', 3), user('a\u202e', 5)], refused: [], lost: [], databaseBytes: 1 } as never,
  });
  const series = text.split('\n').map((line) => line.replace(/ \S+$/, ''));
  const samples = series.filter((line) => line !== '' && !line.startsWith('#'));
  expect(new Set(samples).size).toBe(samples.length);
  expect(text).toContain('ubad_actions{user="a\ufffd"} 5');
});

it('notifies in one visible line', () => {
  const alertEvent = {
    id: 1,
    user: HOSTILE,
    act: HOSTILE,
    change: 'opened',
    band: 'high',
    severity: 60,
    count: 1,
    firstTime: NOW,
    lastTime: NOW,
    sentence: HOSTILE,
    rank: { share: 0.9, of: 'training' },
    usual: null,
  } as unknown as Parameters<NotificationPolicy['alertEvent']>[0];
  const shown = new NotificationPolicy().alertEvent(alertEvent, NOW * 1000, false);
  const [order] = shown;
  if (order?.do !== 'show') throw new Error('nothing is shown');
  for (const text of [order.content.title, order.content.body]) {
    mustBeHarmless(text, 'a notification');
    expect(text).not.toContain('\n');
  }
});
