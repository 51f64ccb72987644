/** Patience: an intruder who shows each step of his work before he does it in earnest must not become known by that. */
import { expect, test } from 'vitest';

import type { Action } from '../../../models/action.ts';
import { learnFacts } from '../../../src-main/engine/facts/known.ts';
import { FactsVoice } from '../../../src-main/engine/facts/voice.ts';
import { standingThresholds } from '../../../src-main/engine/judge.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import { SubjectResolver } from '../../../src-main/engine/reading/subject-resolver.ts';
import { ParserState, parseBatch } from '../../../src-main/engine/reading/parse-batch.ts';
import { simulate } from '../../../src-main/simulate/simulate.ts';

const START = Date.UTC(2026, 3, 20) / 1000;
const DAY = 86_400;
const WEEKS = 6;
const PEOPLE = ['alice', 'bob', 'carol', 'dave'];

/** What four people did, by name. */
function ordinary(): ReadonlyMap<string, readonly Action[]> {
  const parserState = new ParserState(defaultPack(), new SubjectResolver(undefined, [], '/nonexistent'));
  const by = new Map<string, Action[]>(PEOPLE.map((name) => [name, []]));
  let number = 0;
  const options = {
    users: 4,
    days: 7 * WEEKS,
    start: START,
    seed: 77,
    pack: 'modern',
    form: 'event',
    attacks: [],
  } as const;
  for (const day of simulate(options)) {
    const lines = day.map(({ text }) => ({ number: ++number, text }));
    for (const { subject, action } of parseBatch({ lines, refused: [] }, parserState).found)
      by.get(subject)?.push(action);
  }
  return by;
}

const started = (parent: string, name: string, path: string, euid = '1000') => ({
  query: 'process_start',
  columns: { parent_name: parent, name, path, euid, uid: '1000', on_disk: '1' },
});
const connected = (name: string, path: string, port: string) => ({
  query: 'net_out',
  columns: { name, path, uid: '1000', protocol: '6', remote_address: '203.0.113.66', remote_port: port },
});
const opened = (name: string, exe: string, path: string) => ({
  query: 'sensitive_open',
  columns: { name, exe, path, uid: '1000' },
});

/** In by a document, look around, stay, take, leave. */
const steps = [
  started('soffice.bin', 'bash', '/usr/bin/bash'),
  connected('bash', '/usr/bin/bash', '4444'),
  started('bash', 'upd', '/dev/shm/.u/upd'),
  connected('upd', '/dev/shm/.u/upd', '8443'),
  started('upd', 'sh', '/usr/bin/dash'),
  started('sh', 'pkexec', '/usr/bin/pkexec', '0'),
  opened('upd', '/dev/shm/.u/upd', '/etc/shadow'),
  opened('upd', '/dev/shm/.u/upd', '/home/x/.ssh/id_ed25519'),
  started('sh', 'tar', '/usr/bin/tar'),
  started('upd', 'curl', '/usr/bin/curl'),
  started('sh', 'shred', '/usr/bin/shred'),
  started('systemd', 'sh', '/usr/bin/dash'),
];
const at = (time: number, step: (typeof steps)[number]): Action => ({ ...step, change: 'added', time });

/** Whether it is told when all is done within five minutes on the last day. @param shown before that, in order of time */
function isTold(own: readonly Action[], shown: readonly Action[]): boolean {
  const [learned, end] = [START + 14 * DAY, START + (7 * WEEKS - 1) * DAY + 11 * 3600];
  const voice = new FactsVoice(
    learnFacts(
      'user',
      own.filter(({ time }) => time < learned),
    ),
    standingThresholds,
    {
      sensitivity: { alertsPerDay: 1 / 7 },
      windowLength: 50,
      pack: defaultPack(),
    },
  );
  const later = own.filter(({ time }) => time >= learned && time < end);
  const judged = {
    action: 0,
    votes: {},
    undrifted: [],
    filled: 50,
    stretch: 0,
    stay: 0,
    burst: -3,
    window: 0,
    whole: 0,
    lasts: 0,
  };
  const see = (action: Action): boolean => {
    const heard = voice.hear(action, judged, false);
    return (heard?.judgement.window ?? 0) >= standingThresholds.alarm;
  };
  for (const action of [...later, ...shown].sort((a, b) => a.time - b.time)) see(action);
  return steps.map((step, s) => see(at(end + 25 * s, step))).includes(true);
}

test('twelve steps that were shown once, on a day each or all in one afternoon, are told when they are done in earnest', () => {
  const told = { unprepared: 0, days: 0, afternoon: 0 };
  for (const own of ordinary().values()) {
    const day = (n: number): number => START + n * DAY + 14 * 3600;
    if (isTold(own, [])) told.unprepared++;
    if (
      isTold(
        own,
        steps.map((step, s) => at(day(15 + s), step)),
      )
    )
      told.days++;
    if (
      isTold(
        own,
        steps.map((step, s) => at(day(20) + 600 * s, step)),
      )
    )
      told.afternoon++;
  }
  expect(told.unprepared).toBe(4);
  expect(told.days).toBeGreaterThanOrEqual(3);
  expect(told.afternoon).toBeGreaterThanOrEqual(3);
}, 120_000);
