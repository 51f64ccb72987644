import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';

import { fusedEngine } from '../../../models/fused.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import { scratch } from '../../scratch.ts';
import { askPeers, blockOf, judgedByPeer, strangersTo, tellUsers } from './python.ts';
import { readSet, type PeersSet } from './sets.ts';

const pack = defaultPack();
const engine = {
  pack,
  windowLength: 4,
  algorithm: 'both',
  seed: 1,
  trainAfter: 3000,
  sensitivity: { alertsPerDay: 1 },
  state: '/nonexistent',
  math: fusedEngine(),
  now: () => 0,
} as const;

const row = (path: string, time: number, more: Record<string, string> = {}): string =>
  JSON.stringify({
    name: 'pack_user_behavior_process_start',
    hostIdentifier: 'desk-1',
    unixTime: 1_700_000_000 + time,
    epoch: 0,
    counter: 1,
    columns: { path, uid: '1000', ...more },
    action: 'added',
  });

function logOf(...paths: string[]): Buffer {
  return gzipSync(paths.map((path, p) => `${row(path, p)}\n`).join(''));
}

function unitsIn(folder: string, ...names: string[]): void {
  mkdirSync(folder, { recursive: true });
  for (const name of names) {
    writeFileSync(join(folder, `${name}.train.log.gz`), logOf('/bin/a', '/bin/b', `/bin/${name}`, '/bin/a', '/bin/b'));
    writeFileSync(join(folder, `${name}.test.log.gz`), logOf('/bin/a', '/bin/new', '/bin/b'));
    writeFileSync(join(folder, `${name}.labels.csv`), 'line_from,line_to,label\n1,2,0\n3,3,1\n');
  }
}

describe('a set of users for the peers', () => {
  it('has of each user the past, the test and its units, the first users by name', async () => {
    const folder = join(scratch(), 'small');
    unitsIn(folder, 'cara', 'anna', 'bert');
    const set = await readSet(folder, 2, pack);
    expect(set).toMatchObject({ name: 'small', of: 3 });
    expect(set.users.map(({ name }) => name)).toEqual(['anna', 'bert']);
    expect(set.users[0]!.past.map(({ columns }) => columns.path)).toContain('/bin/anna');
    expect(set.users[0]!.tests[0]!.found.map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(blockOf(set)).toBe(2);
  });

  it('says which file is missing', async () => {
    const folder = join(scratch(), 'half');
    unitsIn(folder, 'anna');
    writeFileSync(join(folder, 'bert.train.log.gz'), logOf('/bin/a'));
    await expect(readSet(folder, 9, pack)).rejects.toThrow(/bert/);
  });

  it('has the attacks of each test, with the rows of the machine that they name', async () => {
    const folder = scratch();
    const named = (...paths: string[]): Buffer =>
      gzipSync(
        [
          JSON.stringify({
            name: 'pack_user_behavior_users',
            hostIdentifier: 'desk-1',
            unixTime: 1_700_000_000,
            columns: { uid: '1000', username: 'alice', directory: '/home/alice', shell: '/bin/bash' },
            action: 'added',
          }),
          ...paths.map((path, p) => row(path, p)),
          '',
        ].join('\n'),
      );
    writeFileSync(join(folder, 'alice.past.log.gz'), named('/bin/a', '/bin/b'));
    writeFileSync(join(folder, 'alice.test1.log.gz'), named('/bin/a', '/bin/evil'));
    const label = { id: 'one', user: 'alice', host: 'desk-1', file_lines: [[3, 3]] };
    writeFileSync(join(folder, 'alice.test1.labels.jsonl'), `${JSON.stringify(label)}\n`);
    const set = await readSet(folder, 9, pack);
    const [alice] = set.users;
    expect(alice!.past.map(({ columns }) => columns.path)).toEqual([undefined, '/bin/a', '/bin/b']);
    expect(alice!.machine?.subject).toBe('host:desk-1');
    const { found, labels } = alice!.tests[0]!;
    expect(found.map(({ line }) => line)).toEqual([1, 2, 3]);
    // What is no behaviour is judged by nobody.
    const unjudged = { ...set.users[0]!.tests[0]!.found[0]!, line: 4 };
    const heartbeat = { ...unjudged, action: { ...unjudged.action, query: 'heartbeat' } };
    const beating = { ...alice!, tests: [{ found: [...found, heartbeat], labels }] };
    expect(tellUsers({ ...set, users: [beating] }, engine)[0]!.tests[0]!.tokens).toHaveLength(3 + 3);
    const said = { user: 'alice', line: 2, fit: 1, judge: 1, rows: 3, setting: {}, scores: [[0, 0, 3]] };
    const [judged] = judgedByPeer([said], [beating], pack);
    expect(judged!.tests[0]).toMatchObject({ scores: [0, 0, 3, undefined], opened: [3] });
    expect(labels).toMatchObject({ attacks: [{ id: 'one', lines: [[3, 3]] }] });
  });
});

describe('what the peers are told', () => {
  const setOf = async (): Promise<PeersSet> => {
    const folder = join(scratch(), 'told');
    unitsIn(folder, 'anna', 'bert', 'cara');
    return readSet(folder, 9, pack);
  };

  it('gives what is in the past the same numbers everywhere', async () => {
    const [anna] = tellUsers(await setOf(), engine);
    const { past, tests, others } = anna!;
    // A test begins with the last three actions of the past, so that its first action ends a whole window.
    expect(tests[0]!.tokens.slice(0, 3)).toEqual(past.tokens.slice(-3));
    expect(tests[0]!.tokens).toHaveLength(3 + 3);
    expect(tests[0]!.tokens[3]).toBe(past.tokens[0]);
    expect(past.tokens).not.toContain(tests[0]!.tokens[4]);
    expect(others).toHaveLength(2);
    for (const other of others) {
      expect(other.tokens.slice(0, 2)).toEqual(past.tokens.slice(0, 2));
      expect(past.tokens).not.toContain(other.tokens[2]);
    }
  });

  it('is of no user themselves', async () => {
    const { users } = await setOf();
    expect(strangersTo(2, users).map(({ name }) => name)).toEqual(['anna', 'bert']);
    expect(strangersTo(0, users.slice(0, 1))).toEqual([]);
  });

  it('is told to nobody without Python, which is said', async () => {
    const said = vi.spyOn(console, 'error').mockReturnValue();
    expect(askPeers(await setOf(), engine, '/nonexistent/python')).toBeUndefined();
    expect(said).toHaveBeenCalledWith(expect.stringMatching(/^No peers are measured: \/nonexistent\/python/));
    said.mockRestore();
  });

  it('is refused back with a score too few', async () => {
    const { users } = await setOf();
    const said = { user: 'anna', line: 2, fit: 1, judge: 1, rows: 3, setting: {} };
    const [judged] = judgedByPeer([{ ...said, scores: [[0, 3, 0]] }], users, pack);
    expect(judged).toMatchObject({ alarm: 2, tests: [{ opened: [2] }] });
    expect(() => judgedByPeer([{ ...said, scores: [[0, 3]] }], users, pack)).toThrow('anna: 2 scores of 3 actions');
  });
});

const PYTHON = process.env.UBAD_BENCH_PYTHON ?? '/usr/bin/python3';
const hasNumpy = spawnSync(PYTHON, ['-c', 'import numpy']).status === 0;

describe.skipIf(!hasNumpy)('what the peers make of it (skipped: there is no numpy)', () => {
  const python = (code: string): unknown => {
    const { stdout, stderr } = spawnSync(
      PYTHON,
      ['-B', '-c', `import json, numpy as np\nfrom windows import *\n${code}`],
      {
        cwd: import.meta.dirname,
        encoding: 'utf8',
      },
    );
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  };

  it('are the same windows, counted action by action', () => {
    const apart = python(`
actions = [[1, 2], [1], [3, 9], [2, 3], [1, 8], [2]]
columns = columns_of(actions[:4])
moving = windows_of(actions, columns, 3, 2)
def counted(end):
    row = np.zeros(len(columns) + 1)
    for field in sum(actions[end - 3 : end], []):
        row[columns.get(field, len(columns))] += 1
    return np.sqrt(row) / np.linalg.norm(np.sqrt(row))
print(json.dumps([float(np.abs(moving - np.array([counted(3), counted(5)])).max()), list(map(int, ends_of(6, 3, 2)))]))
`) as [number, number[]];
    expect(apart[0]).toBeLessThan(1e-12);
    expect(apart[1]).toEqual([3, 5]);
  });

  it('count ties half', () => {
    expect(python('print(json.dumps(auc(np.array([1, 2, 2, 3]), np.array([2, 4]))))')).toBe((2 / 4 + 1) / 2);
  });

  it('put the line at the strangest unit of what was held out', () => {
    const [line, mean] = python(`
held = np.array([1.0, 1.0, 9.0, 1.0, 3.0])
print(json.dumps([own_line(held, scale_of(held), 2), float(to_scale(held, scale_of(held)).mean())]))
`) as [number, number];
    // Mean 3, spread √9.6.
    expect(line).toBeCloseTo(6 / Math.sqrt(9.6), 12);
    expect(mean).toBeCloseTo(0, 12);
  });
});
