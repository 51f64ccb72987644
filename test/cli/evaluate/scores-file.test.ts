import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import {
  createScores,
  namesOf,
  readScores,
  scoreOrNull,
  type ScoredStretch,
} from '../../../src-main/cli/evaluate/scores-file.ts';
import { scratch } from '../../scratch.ts';

const folder = scratch();
const at = (name: string): string => join(folder, name);
const stretch: ScoredStretch = {
  user: 'alice',
  test: 'a.log',
  from: 1,
  to: 50,
  time: 1_770_000_000,
  score: 2.5,
  ownLine: 2.5,
  label: 1,
};

describe('a file of scores', () => {
  it('is the user’s alone, and read as it was written', () => {
    const file = createScores(at('one'));
    file.add([stretch]);
    file.add([{ ...stretch, time: null, score: scoreOrNull(-Infinity), label: 0 }]);
    file.close();
    expect(statSync(at('one')).mode & 0o777).toBe(0o600);
    expect(readScores(at('one'))).toEqual([
      { ...stretch, alarms: true },
      { ...stretch, time: null, score: -Infinity, label: 0, alarms: false },
    ]);
  });

  it('takes the place of no other, and is not left half', () => {
    expect(() => createScores(at('one'))).toThrow(/exists already; name a new file/);
    expect(() => createScores(at('none/one'))).toThrow(/cannot be written \(ENOENT\)/);
    const file = createScores(at('half'));
    file.add([stretch]);
    file.discard();
    expect(existsSync(at('half'))).toBe(false);
  });

  it('shows what a log put into a name', () => {
    const file = createScores(at('odd'));
    file.add([{ ...stretch, user: '\u202eecila' }]);
    file.close();
    expect(readFileSync(at('odd'), 'utf8')).not.toContain('\u202e');
    expect(readScores(at('odd'))[0]?.user).toBe('\u202eecila');
  });

  const wrongs = { user: 1, test: null, from: 51, to: '50', time: 'now', score: 'high', ownLine: null, label: 2 };
  it.each<readonly [text: string, message: RegExp]>([
    ['', /there is no score in it/],
    ['not JSON', /line 1 is not JSON/],
    ['[]', /line 1 is no score: write the file with ubad evaluate --scores/],
    ...Object.entries(wrongs).map(
      ([key, wrong]) => [JSON.stringify({ ...stretch, [key]: wrong }), /line 1 is no score/] as const,
    ),
  ])('%s is refused', (text, message) => {
    writeFileSync(at('wrong'), text);
    expect(() => readScores(at('wrong'))).toThrow(message);
  });
});

it('one user’s log names the user, by its path where the name is another’s too', () => {
  expect(namesOf(['x/user01.test.log.gz', 'x/user02.log', 'b.test.log.zst'])).toEqual(['user01', 'user02', 'b']);
  expect(namesOf(['x/later.log', 'y/later.log'])).toEqual(['x/later.log', 'y/later.log']);
});
