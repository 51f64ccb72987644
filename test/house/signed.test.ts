/** What `npm run pack -- --sign KEY` lays beside the packages, held by gpg and installed from by apt. */
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { writeSums } from '../../scripts/pack/beside.ts';
import { KEYRING, REPOSITORY, sign, signingPrograms } from '../../scripts/pack/sign.ts';
import { isOnPath } from '../../scripts/test/system-packages.ts';
import { fencesFor } from '../documents/fences.ts';
import { scratch } from '../scratch.ts';

const root = join(import.meta.dirname, '..', '..');
const missing = [...signingPrograms, 'apt-get', 'dpkg-deb'].filter((program) => !isOnPath(program));

describe.skipIf(missing.length > 0)(`signed (needs ${[...signingPrograms, 'apt-get', 'dpkg-deb'].join(', ')})`, () => {
  const dist = scratch();
  const at = (name: string): string => join(dist, name);
  // Short: gpg's agent has a socket in it.
  const home = scratch();
  const run = (command: string, args: readonly string[], cwd = dist) =>
    spawnSync(command, args, { encoding: 'utf8', cwd, env: { ...process.env, GNUPGHOME: home } });

  beforeAll(() => {
    const before = process.env.GNUPGHOME;
    process.env.GNUPGHOME = home;
    try {
      execFileSync('chmod', ['700', home]);
      const key = 'ubad tests <tests@ubad.invalid>';
      const quick = ['--batch', '--passphrase', '', '--quick-generate-key', key, 'ed25519', 'sign', 'never'];
      execFileSync('gpg', quick, { stdio: 'ignore' });
      const tree = scratch();
      mkdirSync(join(tree, 'DEBIAN'));
      writeFileSync(
        join(tree, 'DEBIAN', 'control'),
        'Package: ubad\nVersion: 1.2.3\nArchitecture: amd64\nMaintainer: nobody <n@ubad.invalid>\nDescription: a double\n',
      );
      execFileSync('dpkg-deb', ['--build', tree, at('ubad_1.2.3_amd64.deb')], { stdio: 'ignore' });
      writeSums(dist, '1.2.3');
      expect(sign(dist, '1.2.3', key)).toEqual(['SHA256SUMS.asc', KEYRING, `${REPOSITORY}/`]);
    } finally {
      if (before === undefined) delete process.env.GNUPGHOME;
      else process.env.GNUPGHOME = before;
      // It would outlive its folder.
      spawnSync('gpgconf', ['--kill', 'gpg-agent'], { env: { ...process.env, GNUPGHOME: home } });
    }
  });

  it('the command of docs/installing.md takes the sums, and refuses others', () => {
    const [command] = fencesFor(root, 'test/house/signed.test.ts').flatMap(({ commands }) => commands);
    const words = command!.split(' ');
    const empty = scratch();
    const verify = (folder: string): number | null =>
      spawnSync(words[0]!, words.slice(1), { cwd: folder, env: { ...process.env, GNUPGHOME: empty } }).status;
    execFileSync('chmod', ['700', empty]);
    expect(verify(dist)).toBe(0);
    const forged = scratch();
    for (const name of ['SHA256SUMS', 'SHA256SUMS.asc', KEYRING]) cpSync(at(name), join(forged, name));
    appendFileSync(join(forged, 'SHA256SUMS'), `${'0'.repeat(64)}  ubad_1.2.4_amd64.deb\n`);
    expect(verify(forged)).not.toBe(0);
  });

  /** apt with nothing of this machine's: its state and sources are in a folder of its own. */
  function aptOn(repository: string): (...words: string[]) => { status: number | null; output: string } {
    const folder = scratch();
    for (const part of ['lists/partial', 'cache/archives/partial', 'parts', 'trusted', 'got'])
      mkdirSync(join(folder, part), { recursive: true });
    writeFileSync(join(folder, 'status'), '');
    writeFileSync(
      join(folder, 'sources.list'),
      `deb [signed-by=${at(KEYRING)} arch=amd64] copy:${repository} stable main\n`,
    );
    const options = Object.entries({
      'Dir::State::lists': join(folder, 'lists'),
      'Dir::State::status': join(folder, 'status'),
      'Dir::Cache': join(folder, 'cache'),
      'Dir::Etc::sourcelist': join(folder, 'sources.list'),
      'Dir::Etc::sourceparts': join(folder, 'parts'),
      'Dir::Etc::trusted': '/dev/null',
      'Dir::Etc::trustedparts': join(folder, 'trusted'),
      'APT::Architecture': 'amd64',
      'APT::Sandbox::User': 'root',
      'Debug::NoLocking': 'true',
    }).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    return (...words) => {
      const { status, stdout, stderr } = run('apt-get', [...options, ...words], join(folder, 'got'));
      return { status, output: `${stdout}${stderr}${readdirSync(join(folder, 'got')).join('\n')}` };
    };
  }

  it('apt takes the repository by its signature, and gets the package from it', () => {
    const apt = aptOn(at(REPOSITORY));
    expect(apt('update', '--error-on=any')).toMatchObject({ status: 0 });
    const got = apt('download', 'ubad');
    expect(got).toMatchObject({ status: 0 });
    expect(got.output).toContain('ubad_1.2.3_amd64.deb');
    expect(apt('--simulate', 'install', 'ubad').output).toContain('Inst ubad (1.2.3 ubad:stable [amd64])');
  });

  it('apt refuses a repository that somebody has changed', () => {
    const forged = join(scratch(), 'apt');
    cpSync(at(REPOSITORY), forged, { recursive: true });
    const release = join(forged, 'dists', 'stable', 'InRelease');
    writeFileSync(release, readFileSync(release, 'utf8').replace('Label: ubad', 'Label: abad'));
    const told = aptOn(forged)('update', '--error-on=any');
    expect(told.status).not.toBe(0);
    expect(told.output).toMatch(/BADSIG|not signed|invalid/i);
  });
});
