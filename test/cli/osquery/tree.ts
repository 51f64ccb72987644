import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** A system to set up: what is at each path, and with which mode. */
export interface Tree {
  readonly folders: readonly string[];
  readonly files: Readonly<Record<string, { readonly text: string; readonly mode: number }>>;
  readonly links: Readonly<Record<string, string>>;
  /** Entries for setfacl. */
  readonly lists: readonly (readonly [path: string, entry: string])[];
}

export function plant(root: string, { folders, files, links, lists }: Tree): void {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  for (const folder of folders) mkdirSync(join(root, folder), { recursive: true });
  for (const [path, { text, mode }] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    chmodSync(join(root, path), mode);
    utimesSync(join(root, path), 1_000_000, 1_000_000);
  }
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    rmSync(join(root, path), { recursive: true, force: true });
    symlinkSync(target, join(root, path));
  }
  for (const [path, entry] of lists) spawnSync('setfacl', ['-m', entry, '--', join(root, path)]);
}

/** All that a tree is but its folders' times: kinds, contents, modes, owners, links, times of files, access lists. */
export function pictureOf(root: string): Readonly<Record<string, unknown>> {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  const entries = paths.map((path): [string, unknown] => {
    const full = join(root, path);
    const found = lstatSync(full);
    if (found.isSymbolicLink()) return [path, { link: readlinkSync(full) }];
    const { mode, uid, gid, mtimeMs, nlink } = found;
    const content = found.isFile() ? { text: readFileSync(full, 'utf8'), mtimeMs, nlink } : {};
    return [path, { mode, uid, gid, ...content }];
  });
  const lists = spawnSync('getfacl', ['-n', '-p', '-R', '-P', '--', root], { encoding: 'utf8' }).stdout;
  // In the order in which the file system lists them, which is no part of the picture.
  return Object.fromEntries([...entries, ['access lists', lists.split('\n\n').sort()]]);
}
