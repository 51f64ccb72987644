import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeEach, describe, expect, it } from 'vitest';

import { carryOut, recordedSteps, undo } from '../../../src-main/cli/osquery/carry-out.ts';
import { placesUnder } from '../../../src-main/cli/osquery/places.ts';
import { planSetup, type Plan } from '../../../src-main/cli/osquery/plan.ts';
import { textOf } from '../../../src-main/contract/story/tell.ts';
import { scratch } from '../../scratch.ts';
import { pictureOf, plant } from './tree.ts';

const root = join(scratch(), 'root');
const at = (path: string): string => join(root, path);
const places = placesUnder(root);
const conf = join(import.meta.dirname, '..', '..', '..', 'conf');
const shipped = (name: string): string => readFileSync(join(conf, name), 'utf8');
const plan = (): Plan => planSetup(places, { user: '1234', rsyslog: false }, { shipped, done: recordedSteps(places) });
const canTry = process.getuid?.() === 0 && spawnSync('which', ['setfacl']).status === 0;
const advised = ({ advice }: Pick<Plan, 'advice'>): string => advice.map((one) => textOf(one, 'en')).join('\n');
const LOG = 'var/log/osquery/osqueryd.results.log';

type Owned = readonly [path: string, mode: number, group?: number];
/** Folders as the distributions' own packages, and osquery's, leave them; all are root's. */
const usual: readonly Owned[] = [
  ['etc', 0o755],
  ['etc/osquery', 0o755],
  ['etc/osquery/packs', 0o755],
  ['var', 0o755],
  ['var/lib', 0o755],
  ['var/log', 0o755],
  ['var/log/osquery', 0o755],
];
const withSyslog = (group: number): readonly Owned[] =>
  usual.map((one): Owned => (one[0] === 'var/log' ? ['var/log', 0o775, group] : one));
const groups = (syslog?: number): string =>
  `root:x:0:\nadm:x:4:syslog\n${syslog === undefined ? '' : `syslog:x:${syslog}:\n`}users:x:100:\n`;

const distributions: readonly (readonly [name: string, folders: readonly Owned[], group: string])[] = [
  ['Debian 12', usual, groups()],
  ['Debian 13', usual, groups()],
  ['Ubuntu 22.04', withSyslog(111), groups(111)],
  ['Ubuntu 24.04', withSyslog(101), groups(101)],
  ['Ubuntu 26.04', withSyslog(102), groups(102)],
  ['Fedora', usual.map((one): Owned => (one[0] === 'var/log/osquery' ? [one[0], 0o750] : one)), groups()],
];

function make(folders: readonly Owned[], group: string): void {
  plant(root, { folders: folders.map(([path]) => path), files: {}, links: {}, lists: [] });
  writeFileSync(at('etc/group'), group);
  writeFileSync(at('etc/osquery/osquery.conf'), '{"schedule": {}}\n');
  writeFileSync(at(LOG), 'a line\n');
  for (const [path, mode, gid = 0] of folders) {
    chownSync(at(path), 0, gid);
    chmodSync(at(path), mode);
  }
}

describe.skipIf(!canTry)('setup on a stock system', () => {
  it.each(distributions)('%s: sets up, lets the user read, and takes all of it back', (_, folders, group) => {
    make(folders, group);
    const before = pictureOf(root);
    const { steps, advice } = plan();
    expect(advice).toEqual([]);
    expect(steps.map(({ do: what }) => what)).toEqual(['create', 'create', 'edit', 'access', 'access']);
    carryOut(places, steps);
    const read = spawnSync('cat', [at(LOG)], { uid: 1234, gid: 1234, cwd: '/', encoding: 'utf8' });
    // The scratch folder above is private: the list itself tells.
    expect(spawnSync('getfacl', ['-n', '-p', at(LOG)], { encoding: 'utf8' }).stdout).toContain('user:1234:r--');
    expect(read.error).toBeUndefined();
    expect(plan().steps).toEqual([]);
    expect(undo(places)).toEqual([]);
    expect(pictureOf(root)).toEqual(before);
  });
});

describe.skipIf(!canTry)('setup lets nobody read, and says why,', () => {
  beforeEach(() => {
    make(withSyslog(111), groups(111));
  });

  it.each<[string, () => void, RegExp]>([
    [
      'where another group may write in /var/log',
      () => {
        chownSync(at('var/log'), 0, 100);
      },
      /var\/log can be changed by others than root/,
    ],
    [
      'where everybody may',
      () => {
        chmodSync(at('var/log'), 0o777);
      },
      /var\/log can be changed by others than root/,
    ],
    [
      'where a group may write in the folder of logs itself',
      () => {
        chownSync(at('var/log/osquery'), 0, 111);
        chmodSync(at('var/log/osquery'), 0o775);
      },
      /osquery can be changed by others than root; nobody/,
    ],
    [
      'where the folder of logs is somebody else’s',
      () => {
        chownSync(at('var/log/osquery'), 111, 111);
      },
      /can be changed by others than root; nobody/,
    ],
    [
      'where it leads elsewhere',
      () => {
        renameSync(at('var/log/osquery'), at('var/log/o'));
        symlinkSync('o', at('var/log/osquery'));
      },
      /not a folder/,
    ],
    [
      'where another folder of root’s was put in its place',
      () => {
        renameSync(at('var/log/osquery'), at('var/log/o'));
        mkdirSync(at('var/log/osquery'));
        writeFileSync(at('var/log/osquery/audit.log'), '');
      },
      /holds no log of osquery/,
    ],
  ])('%s', (_, change, why) => {
    change();
    const { steps, advice } = plan();
    expect(advised({ advice })).toMatch(why);
    expect(steps.filter(({ do: what }) => what === 'access')).toEqual([]);
    // The rest is done all the same.
    carryOut(places, steps);
    expect(readFileSync(at('etc/osquery/osquery.conf'), 'utf8')).toContain('user-behavior');
  });

  it('changes no list when a link takes the folder’s place between plan and deed', () => {
    const { steps } = plan();
    mkdirSync(at('etc/secret'));
    renameSync(at('var/log/osquery'), at('var/log/o'));
    symlinkSync('../../etc/secret', at('var/log/osquery'));
    expect(() => {
      carryOut(places, steps);
    }).toThrow(/nobody is let read in it/);
    expect(spawnSync('getfacl', ['-n', '-p', at('etc/secret')], { encoding: 'utf8' }).stdout).not.toContain('1234');
  });
});

it('setup tells of a log that goes elsewhere or nowhere, as flags and as options', () => {
  for (const [path, text] of [
    ['etc/osquery/osquery.flags', '--logger_path=/data/osq\n--logger_plugin=tls\n--disable_logging=true\n'],
    [
      'etc/osquery/osquery.conf',
      '{"options":{"logger_path":"/data/osq","logger_plugin":"tls","disable_logging":"true"},"packs":{}}',
    ],
  ] as const) {
    plant(root, {
      folders: ['etc/osquery', 'var/lib'],
      files: { [path]: { text, mode: 0o644 } },
      links: {},
      lists: [],
    });
    const said = advised(plan());
    expect(said).toContain('ubad config set log /data/osq/osqueryd.results.log');
    expect(said).toMatch(new RegExp(`/${path} says "logger_plugin" is tls`));
    expect(said).toMatch(new RegExp(`/${path} says "disable_logging"`));
  }
});

it('setup changes the configuration that the service names, and puts back a pack that is gone', () => {
  const configuration = '{"packs": {"user-behavior": "/opt/packs/user-behavior.json"}}';
  plant(root, {
    folders: ['etc/osquery', 'etc/default', 'opt/packs', 'var/lib'],
    files: {
      'etc/default/osqueryd': { text: 'CONFIG_FILE="/etc/own.conf"', mode: 0o644 },
      'etc/own.conf': { text: configuration, mode: 0o644 },
    },
    links: {},
    lists: [],
  });
  const before = pictureOf(root);
  carryOut(places, plan().steps);
  expect(readFileSync(at('opt/packs/user-behavior.json'), 'utf8')).toBe(shipped('user-behavior.json'));
  expect(readFileSync(at('etc/own.conf'), 'utf8')).toContain('user-behavior-events');
  expect(plan().steps).toEqual([]);
  undo(places);
  expect(pictureOf(root)).toEqual(before);
});
