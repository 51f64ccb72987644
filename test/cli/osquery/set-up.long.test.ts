import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';

import { carryOut, undo } from '../../../src-main/cli/osquery/carry-out.ts';
import { mustBeSafe } from '../../../src-main/cli/osquery/files.ts';
import { placesUnder } from '../../../src-main/cli/osquery/places.ts';
import { planSetup, type Plan, type Wishes } from '../../../src-main/cli/osquery/plan.ts';
import { recordedSteps } from '../../../src-main/cli/osquery/carry-out.ts';
import { textOf } from '../../../src-main/contract/story/tell.ts';
import { scratch } from '../../scratch.ts';
import { pictureOf, plant, type Tree } from './tree.ts';

const folder = scratch();
const root = join(folder, 'root');
const at = (path: string): string => join(root, path);
const places = placesUnder(root);
const conf = join(import.meta.dirname, '..', '..', '..', 'conf');
const shipped = (name: string): string => readFileSync(join(conf, name), 'utf8');
const hasLists = spawnSync('which', ['setfacl']).status === 0;
const wishes: Wishes = { user: hasLists ? '1234' : undefined, rsyslog: true };
const plan = (wanted = wishes, ship = shipped): Plan =>
  planSetup(places, wanted, { shipped: ship, done: recordedSteps(places) });
const text = (path: string): string => readFileSync(at(path), 'utf8');

const CONF = 'etc/osquery/osquery.conf';
const advised = ({ advice }: Pick<Plan, 'advice'>): string => advice.map((one) => textOf(one, 'en')).join('\n');
const LOG = 'var/log/osquery/osqueryd.results.log';
const file = (content: string, mode = 0o644) => ({ text: content, mode });
const empty: Tree = { folders: ['etc/osquery', 'var/lib'], files: {}, links: {}, lists: [] };

const configurations = [
  '{}',
  '{"packs": {}}',
  '{ "options": {"a": "}"}, "packs" : { "it": "/opt/it.conf" } }\n',
  '// by hand\n{\n  # "packs": {\n  "schedule": {"packs": {"query": "SELECT 1"}},\n  "packs": {\n    "it": "/x"\n  }\n}\n',
  '{\r\n  "packs": {"user-behavior": "/etc/osquery/packs/user-behavior.json"}\r\n}\r\n',
  '{"packs": ["no"]}',
  '{"packs": {"user-behavior": "/somewhere/else.json"}}',
  'not json {',
  '',
];
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const mode = fc.constantFrom(0o600, 0o640, 0o644);
const tree: fc.Arbitrary<Tree> = fc
  .record({
    conf: maybe(fc.tuple(fc.constantFrom(...configurations), mode)),
    flags: maybe(
      fc.constantFrom('', '--config_plugin=tls\n', '--logger_plugin filesystem\n', '--config_path=/etc/x.conf'),
    ),
    pack: maybe(fc.constantFrom('{}', shipped('user-behavior.json'))),
    log: maybe(mode),
    link: maybe(fc.constantFrom(CONF, 'etc/osquery/packs', 'etc/rsyslog.d/90-osquery.conf', LOG)),
    list: maybe(fc.constantFrom('u:1234:r', 'u:77:rw', 'g:88:r', 'm::r')),
    folders: fc.subarray(['etc/osquery', 'etc/osquery/packs', 'etc/rsyslog.d', 'opt/orbit']),
  })
  .map(({ conf: config, flags, pack, log, link, list, folders }) => ({
    folders: [...folders, 'var/lib'],
    files: {
      ...(config && { [CONF]: file(...config) }),
      ...(flags !== undefined && { 'etc/osquery/osquery.flags': file(flags) }),
      ...(pack !== undefined && { 'etc/osquery/packs/user-behavior.json': file(pack) }),
      ...(log !== undefined && { [LOG]: file('line\n', log), 'var/log/osquery/other.log': file('', 0o640) }),
    },
    links: link === undefined ? {} : { [link]: '/etc/hostname' },
    lists:
      log !== undefined && list !== undefined && hasLists
        ? [[LOG, list] as const, ['var/log/osquery', list] as const]
        : [],
  }));

describe('setup and undo', () => {
  it('leave any system exactly as it was, wherever the setup was stopped', () => {
    fc.assert(
      fc.property(tree, fc.nat(8), (start, stopAfter) => {
        plant(root, start);
        const before = pictureOf(root);
        const { steps } = plan();
        try {
          // What would be refused as a whole is not on record.
          for (const { path } of steps) mustBeSafe(root, path);
          carryOut(places, steps.slice(0, stopAfter));
          // As a power cut leaves it: everything is on record, and only the first steps are done.
          if (stopAfter > 0 && steps.length > 0)
            writeFileSync(join(places.record, 'record.json'), JSON.stringify(steps));
        } catch {
          // a link or a folder of somebody else: refused before anything is done
          expect(pictureOf(root)).toEqual(before);
        }
        expect(undo(places)).toEqual([]);
        expect(pictureOf(root)).toEqual(before);
      }),
      { numRuns: 80 },
    );
  });

  it('a second setup has nothing left to do', () => {
    fc.assert(
      fc.property(tree, (start) => {
        plant(root, start);
        const { steps } = plan();
        try {
          carryOut(places, steps);
        } catch {
          return;
        }
        expect(plan().steps).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a fresh osquery', () => {
  beforeEach(() => {
    plant(root, { ...empty, folders: [...empty.folders, 'etc/rsyslog.d'], files: { [LOG]: file('line\n', 0o640) } });
  });

  it('gets configuration, flags, packs, the snippet, and a reader of its log', () => {
    carryOut(places, plan().steps);
    for (const name of ['osquery.conf', 'osquery.flags']) expect(text(`etc/osquery/${name}`)).toBe(shipped(name));
    for (const path of Object.values((JSON.parse(text(CONF)) as { packs: Record<string, string> }).packs)) {
      expect(JSON.parse(text(path.slice(1)))).toHaveProperty('queries');
    }
    expect(text('etc/rsyslog.d/90-osquery.conf')).toBe(shipped('rsyslog-osquery.conf'));
    expect(statSync(at('var/lib/ubad-setup')).mode & 0o777).toBe(0o700);
  });

  it('gets the snippet of syslog-ng where that is there, and is told where neither is', () => {
    plant(root, { ...empty, folders: [...empty.folders, 'etc/syslog-ng/conf.d'], files: {} });
    carryOut(places, plan().steps);
    expect(text('etc/syslog-ng/conf.d/90-osquery.conf')).toBe(shipped('syslog-ng-osquery.conf'));
    plant(root, empty);
    expect(advised(plan())).toContain('Neither rsyslog nor syslog-ng is installed');
  });

  it.skipIf(!hasLists || process.getuid?.() !== 0)('whose log that user really reads, the next one too', () => {
    carryOut(places, plan().steps);
    appendFileSync(at(LOG), 'more\n');
    const read = (path: string, uid: number): number | null =>
      spawnSync('cat', [at(path)], { uid, gid: uid, cwd: '/' }).status;
    spawnSync('chmod', ['755', folder, root]);
    expect([read(LOG, 1234), read(LOG, 4321)]).toEqual([0, 1]);
    // As osqueryd does: made new, and given its mode.
    writeFileSync(at(`${LOG}.new`), '', { mode: 0o640 });
    spawnSync('chmod', ['640', at(`${LOG}.new`)]);
    expect([read(`${LOG}.new`, 1234), read(`${LOG}.new`, 4321)]).toEqual([0, 1]);
    undo(places);
    expect([read(LOG, 1234), read(`${LOG}.new`, 1234)]).toEqual([1, 1]);
  });

  it('gets the packs of a later version, if nobody has changed them', () => {
    carryOut(places, plan().steps);
    const later = (name: string): string => shipped(name).replace('"queries"', '"version": "9",\n  "queries"');
    const renewal = plan(wishes, later);
    expect(renewal.steps.map(({ do: what }) => what)).toEqual(['renew', 'renew']);
    carryOut(places, renewal.steps);
    expect(text('etc/osquery/packs/user-behavior.json')).toBe(later('user-behavior.json'));
    expect(undo(places)).toEqual([]);
    expect(existsSync(at('etc/osquery/packs'))).toBe(false);
  });
});

describe('a configuration by hand', () => {
  const byHand = '{\n  // mine\n  "options": {"utc": "true"},\n  "packs": {\n    "it": "/opt/it.conf"\n  }\n}\n';
  beforeEach(() => {
    plant(root, { ...empty, files: { [CONF]: file(byHand, 0o640) } });
  });

  it('keeps every line that it had, and its mode; the file that was there is kept', () => {
    const { ino } = statSync(at(CONF));
    carryOut(places, plan().steps);
    const now = text(CONF).split('\n');
    expect(byHand.split('\n').filter((line) => !now.includes(line))).toEqual([]);
    expect(text(CONF)).toContain('"user-behavior": "/etc/osquery/packs/user-behavior.json"');
    expect(statSync(at(CONF)).mode & 0o777).toBe(0o640);
    expect(text(`${CONF}.before-ubad`)).toBe(byHand);
    expect(existsSync(at('etc/osquery/osquery.flags'))).toBe(false);
    undo(places);
    expect([text(CONF), statSync(at(CONF)).ino]).toEqual([byHand, ino]);
  });

  it('keeps what was changed after the setup, and loses only the packs', () => {
    carryOut(places, plan().steps);
    writeFileSync(at(CONF), text(CONF).replace('"utc": "true"', '"utc": "false"'));
    expect(undo(places)).toEqual([]);
    expect(text(CONF)).toBe(byHand.replace('"utc": "true"', '"utc": "false"'));
  });
});

describe('what setup leaves alone, and says so', () => {
  it.each<[string, Partial<Tree>, RegExp]>([
    ['an osquery that is not there', { folders: ['etc'] }, /not installed/],
    [
      'one that a server configures',
      { files: { 'etc/osquery/osquery.flags': file('--config_plugin=tls') } },
      /fleetctl/,
    ],
    ['Fleet’s own', { folders: ['opt/orbit', 'etc/osquery'] }, /fleetctl/],
    [
      'a log that is no file',
      { files: { 'etc/osquery/osquery.flags': file('--logger_plugin=tls') } },
      /no log to read/,
    ],
    ['a broken configuration', { files: { [CONF]: file('{') } }, /not JSON/],
    ['a pack of that name', { files: { [CONF]: file(configurations[6]!) } }, /another pack/],
    [
      'a pack file of somebody else',
      { files: { 'etc/osquery/packs/user-behavior.json': file('{}') } },
      /not this program/,
    ],
    ['a linked configuration', { links: { [CONF]: '/etc/hostname' } }, /not a plain file/],
  ])('%s', (_, start, reason) => {
    plant(root, { ...empty, ...start });
    const { steps, advice } = plan();
    expect(advised({ advice })).toMatch(reason);
    expect(steps.filter(({ path }) => path === at(CONF) && existsSync(path))).toEqual([]);
  });

  it('a folder that leads elsewhere, or that others can write to', () => {
    plant(root, empty);
    const { steps } = plan();
    symlinkSync(at('var'), at('etc/osquery/packs'));
    expect(advised(plan())).toMatch(/packs is not a folder/);
    expect(() => {
      carryOut(places, steps);
    }).toThrow(/symbolic link/);
    plant(root, empty);
    spawnSync('chmod', ['777', at('etc/osquery')]);
    expect(() => {
      carryOut(places, plan().steps);
    }).toThrow(/others than root/);
  });
});

describe('ubad setup', () => {
  const ubad = (
    ...words: string[]
  ): ReturnType<typeof spawnSync> & { readonly stdout: string; readonly stderr: string } =>
    spawnSync(process.execPath, ['src-main/cli.ts', 'setup', '--root', root, ...words], { encoding: 'utf8' });

  it('shows a diff and changes nothing until it is told to; undoes it', () => {
    plant(root, { ...empty, files: { [CONF]: file('{\n  "packs": {\n  }\n}\n') } });
    const before = pictureOf(root);
    const shown = ubad();
    expect(shown.stdout).toMatch(/^\+ {4}"user-behavior": /m);
    expect(shown.stdout).toContain(`--- ${at(CONF)}`);
    expect(pictureOf(root)).toEqual(before);

    const { digest } = JSON.parse(ubad('--json').stdout) as { digest: string };
    expect(ubad('--yes', '--digest', digest.replace(/^./, 'x')).stderr).toContain('not as it was');
    expect(pictureOf(root)).toEqual(before);
    expect(ubad('--yes', '--digest', digest).status).toBe(0);
    expect(text(CONF)).toContain('user-behavior');
    expect(ubad().stdout).toContain('Nothing to change');
    expect(ubad('--undo').stdout).toContain('Undone');
    expect(pictureOf(root)).toEqual(before);
  });

  it('takes no user’s name for anything else', () => {
    plant(root, empty);
    expect(ubad('--user', '-x')).toMatchObject({ status: 2 });
    expect(ubad('--user', 'a:rwx,u:b')).toMatchObject({ status: 2 });
  });
});
