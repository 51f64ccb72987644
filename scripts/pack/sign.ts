import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { SUMS } from './beside.ts';

/** Where apt finds the .debs, below what is given away. */
export const REPOSITORY = 'apt';
/** The public half of the key, as apt and gpg read it. */
export const KEYRING = 'ubad-archive-keyring.gpg';
const [SUITE, COMPONENT] = ['stable', 'main'];

/** Programs that signing needs, for whoever has to install them. */
export const signingPrograms = ['gpg', 'apt-ftparchive'] as const;

/**
 * Signs the sums, and lays out a signed Debian repository of the .debs beside them.
 * @param key of gpg: an id, a fingerprint or an address
 * @returns the files that are new
 * @throws Error when a program fails, which has then said why
 */
export function sign(dist: string, version: string, key: string): string[] {
  const gpg = (...words: string[]): void => {
    execFileSync('gpg', ['--batch', '--yes', '--local-user', key, ...words], { cwd: dist });
  };
  gpg('--armor', '--detach-sign', '--output', `${SUMS}.asc`, SUMS);
  execFileSync('gpg', ['--batch', '--yes', '--output', join(dist, KEYRING), '--export', key]);
  const debs = readdirSync(dist).filter((name) => name.startsWith(`ubad_${version}`) && name.endsWith('.deb'));
  if (debs.length === 0) return [`${SUMS}.asc`, KEYRING];
  const release = layOut(join(dist, REPOSITORY), dist, debs);
  gpg('--clearsign', '--output', join(release, 'InRelease'), join(release, 'Release'));
  gpg('--armor', '--detach-sign', '--output', join(release, 'Release.gpg'), join(release, 'Release'));
  return [`${SUMS}.asc`, KEYRING, `${REPOSITORY}/`];
}

/** `pool/` with the .debs, `dists/stable/` with what is known of them. @returns the folder of the Release file */
function layOut(folder: string, dist: string, debs: readonly string[]): string {
  rmSync(folder, { recursive: true, force: true });
  const pool = join(folder, 'pool');
  const release = join(folder, 'dists', SUITE);
  mkdirSync(pool, { recursive: true });
  for (const deb of debs) copyFileSync(join(dist, deb), join(pool, deb));
  const made = (...words: string[]): Buffer => execFileSync('apt-ftparchive', words, { cwd: folder });
  const architectures = [...new Set(debs.map((deb) => /_([a-z0-9]+)\.deb$/.exec(deb)![1]!))].sort();
  for (const architecture of architectures) {
    const into = join(release, COMPONENT, `binary-${architecture}`);
    mkdirSync(into, { recursive: true });
    const packages = made('--arch', architecture, 'packages', 'pool');
    writeFileSync(join(into, 'Packages'), packages);
    writeFileSync(join(into, 'Packages.gz'), gzipSync(packages, { level: 9 }));
  }
  const told = { Origin: 'ubad', Label: 'ubad', Suite: SUITE, Codename: SUITE, Components: COMPONENT };
  const options = Object.entries({ ...told, Architectures: architectures.join(' ') }).flatMap(([name, value]) => [
    '-o',
    `APT::FTPArchive::Release::${name}=${value}`,
  ]);
  writeFileSync(join(release, 'Release'), made(...options, 'release', join('dists', SUITE)));
  return release;
}
