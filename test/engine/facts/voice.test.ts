/** What is new, put on the scale of a user's windows. */
import { expect, test } from 'vitest';

import type { Action } from '../../../models/action.ts';
import { Facts } from '../../../models/facts/facts.ts';
import type { Judgement } from '../../../models/profile/view.ts';
import { FactsVoice } from '../../../src-main/engine/facts/voice.ts';
import { standingThresholds } from '../../../src-main/engine/judge.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';

const NOON = Date.UTC(2026, 2, 2, 12) / 1000;
const DAY = 86_400;
const pack = defaultPack();
const { alarm } = standingThresholds;

const row = (time: number, query: string, columns: Record<string, string>): Action => ({
  query,
  change: 'added',
  time,
  columns,
});
const sudo = row(NOON, 'sudoers', { source: '/etc/sudoers', header: 'eve', rule_details: 'ALL=(ALL) NOPASSWD: ALL' });
const work = (time: number): Action[] => [
  row(time, 'shell_verb', { verb: 'git', len: '8' }),
  row(time + 1, 'process_start', {
    parent_name: 'bash',
    name: 'git',
    path: '/usr/bin/git',
    euid: '1000',
    on_disk: '1',
  }),
  row(time + 2, 'net_out', {
    name: 'firefox',
    path: '/usr/bin/firefox',
    remote_address: '198.51.100.7',
    remote_port: '443',
  }),
];
const judgement = (window: number, lasts = window): Judgement => ({
  action: 0,
  votes: {},
  undrifted: [],
  filled: 50,
  stretch: window,
  stay: 0,
  burst: -3,
  window,
  whole: window,
  lasts,
});
const voice = (facts: Facts, alertsPerDay = 1 / 7): FactsVoice =>
  new FactsVoice(facts, standingThresholds, { sensitivity: { alertsPerDay }, windowLength: 50, pack });

test('the budget moves the line: what alarms at one alert a week does not at one in two years', () => {
  const zAt = (alertsPerDay: number): number => voice(new Facts(true), alertsPerDay).hear(sudo, undefined, false)!.z;
  expect(zAt(1 / 7)).toBeGreaterThanOrEqual(alarm);
  expect(zAt(1)).toBeGreaterThan(zAt(1 / 7));
  expect(zAt(1 / 730)).toBeLessThan(alarm);
});

test('where a log tells what is new, a window alarms once it has been strange at three of ten actions; elsewhere at once', () => {
  const facts = new Facts(false);
  for (let day = 0; day < 21; day++) for (const action of work(NOON + day * DAY)) facts.see(action);
  const heard = voice(facts);
  const typed = row(NOON + 22 * DAY, 'shell_verb', { verb: 'htop', len: '4' });
  expect(heard.hear(typed, judgement(alarm + 1, alarm - 0.1), false)!.judgement.window).toBeLessThan(alarm);
  expect(heard.hear(typed, judgement(alarm + 1, alarm), false)!.judgement.window).toBe(alarm + 1);
  // It lasts by its own scale, on which windows in a row are rarer.
  expect(heard.hear(typed, judgement(alarm - 0.3, alarm + 0.2), false)!.judgement.window).toBe(alarm + 0.2);
  // Windows before this one: it goes on no more.
  expect(heard.hear(typed, judgement(alarm / 2, alarm + 0.2), false)!.judgement.window).toBe(alarm / 2);
  const silent = voice(new Facts(false));
  expect(silent.hear(typed, judgement(alarm - 0.3, alarm + 0.2), false)!.judgement.window).toBe(alarm - 0.3);
  expect(silent.hear(typed, judgement(alarm + 1, alarm - 0.1), false)!.judgement.window).toBe(alarm + 1);
});

test('where a log tells what is new, a window without anything new alarms nobody; what is learned stays as it was', () => {
  const facts = new Facts(false);
  for (let day = 0; day < 21; day++) for (const action of work(NOON + day * DAY)) facts.see(action);
  const heard = voice(facts);
  const later = Array.from({ length: 20 }, (_, n) => work(NOON + 22 * DAY + 60 * n)).flat();
  const all = later.map((action) => heard.hear(action, judgement(alarm + 1), false)!.judgement);
  expect(all.at(-1)!.window).toBeLessThan(alarm);
  expect(all.at(-1)!.whole).toBe(alarm + 1);
  const shell = row(NOON + 23 * DAY, 'process_start', {
    parent_name: 'soffice.bin',
    name: 'bash',
    path: '/usr/bin/bash',
    euid: '1000',
    on_disk: '1',
  });
  expect(heard.hear(shell, judgement(alarm + 1), false)!.judgement.window).toBeGreaterThanOrEqual(alarm + 1);
});

test('of a log that tells too little the windows speak as ever', () => {
  const heard = voice(new Facts(false));
  for (let n = 0; n < 100; n++)
    expect(
      heard.hear(row(NOON + n, 'shell_verb', { verb: 'ls', len: '2' }), judgement(alarm + 1), false)!.judgement.window,
    ).toBe(alarm + 1);
});

test('what a person calls normal says nothing, and is known', () => {
  const heard = voice(new Facts(true));
  expect(heard.hear(sudo, undefined, false, { suppressed: true })?.z ?? -3).toBeLessThan(0);
  expect(heard.hear({ ...sudo, time: NOON + 2 * DAY }, undefined, false)).toBeUndefined();
});
