import { expect, it } from 'vitest';

import { clock } from '../../src-main/cli/output.ts';
import { storyLines, storyText } from '../../src-main/cli/alert-story.ts';
import { incident, NOW } from '../engine/store/store-at.ts';
import { AT, connect, start, times, told, typed } from '../engine/narrative/tell.ts';

const between = { ...incident(1, 1, 2), id: 7, state: 'open', closedAt: null, verdict: null, seen: false } as const;

it('says who, what, when, from where, how bad and what is new, in words and rows', () => {
  const { story } = told(
    [start('/tmp/m/xmrig', 'bash'), connect('/tmp/m/xmrig', '198.51.100.1', '3333'), typed('ls')],
    times(30, typed('ls')),
  );
  const text = storyText(story, between, 'alice', 78);
  expect(text).toMatchObject({
    headline:
      'A program in /tmp/m was started by bash (runs commands): xmrig (its name says: earns digital money with this computer’s power), never in the day before',
    when: `${clock(NOW - 60)} – ${clock(NOW)}`,
    where: 'the log does not tell',
    severity:
      'alarm, 78 of 100: the strangest stretch lies far beyond alice’s alarm line, which is at 50. What tells most is a program from a folder that anybody may write to, or a hidden one of a home; such acts weigh 8 of 10.',
    tactics: [
      'Execution (T1204.002, https://attack.mitre.org/techniques/T1204/002/)',
      'Command and Control (T1071, https://attack.mitre.org/techniques/T1071/)',
    ],
  });
  const step = {
    key: 'lock',
    kind: 'lock',
    phrase: { id: 'step.lock', values: {} },
    command: null,
    undo: null,
    note: null,
  } as const;
  const lines = storyLines(story, text, 'alice', [
    { ...step, done: 1 },
    { ...step, phrase: { id: 'step.tell', values: {} }, done: null },
  ]);
  expect(lines.slice(0, 10)).toEqual([
    `alice: ${text.headline}`,
    'also: xmrig connected to 198.51.100.1:3333',
    'who: alice, on the computer desk',
    `when: ${text.when}`,
    `from where: ${text.where}`,
    'do first, if it was not alice: At work, tell whoever looks after your computers; leave this one switched on',
    text.severity,
    `often part of: ${text.tactics[0]!}`,
    `often part of: ${text.tactics[1]!}`,
    '',
  ]);
  expect(lines.slice(10).map((line) => line.replace(/ {2,}/g, ' | '))).toEqual([
    'when | what | who → what | times | known',
    `${clock(AT)} | xmrig (its name says: earns digital money with this computer’s power) in /tmp/m started | bash → /tmp/m/xmrig | 1 | never in the day before`,
    `${clock(AT + 60)} | xmrig (its name says: earns digital money with this computer’s power) connected to 198.51.100.1:3333 | bash → /tmp/m/xmrig → 198.51.100.1:3333 | 1 | never in the day before`,
    '',
    'usual | what | times',
    `${clock(AT + 120)} | Command ls (lists files) | 1 | usual, 30 times before`,
  ]);
});
