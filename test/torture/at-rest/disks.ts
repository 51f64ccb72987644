import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { follow, LINES, storedIn, type Template } from './template.ts';

const mount = (...words: string[]): boolean => spawnSync('/bin/mount', words).status === 0;

export function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'ubad-mount-'));
  const can = mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder);
  if (can) spawnSync('/bin/umount', [folder]);
  rmSync(folder, { recursive: true });
  return can;
}

const MORE = 400;

/**
 * A small disk that is filled up but for some pages, or read-only, every fifth time: that must be told, and after it all lines be
 * stored, once and in order. @returns what it was
 */
export function diskProblem(template: Template, parent: string, next: () => number, n: number): Promise<string> {
  return template.withMore(MORE, () => disturbed(template, parent, next, n));
}

async function disturbed(template: Template, parent: string, next: () => number, n: number): Promise<string> {
  const folder = mkdtempSync(join(parent, 'disk-'));
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  if (!mount('-t', 'tmpfs', '-o', 'size=4m,mode=0700', 'tmpfs', disk)) throw new Error('no disk');
  try {
    const ending = next() < 0.5 ? 'clean' : 'unclean';
    const [log, state] = [template.log, join(disk, 'state')];
    template.copyTo(state, ending);
    const isReadOnly = n % 5 === 4;
    const filler = join(disk, 'filler');
    const free = Math.floor(next() * 40);
    if (isReadOnly) mount('-o', 'remount,ro', disk);
    else {
      spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k']);
      truncateSync(filler, Math.max(0, statSync(filler).size - 4096 * free));
    }
    const heal = (): void => {
      if (isReadOnly) mount('-o', 'remount,rw', disk);
      else rmSync(filler, { force: true });
    };
    let told = '';
    const hear = (text: string): void => {
      told += `${text}\n`;
      // Told a few times: somebody makes room.
      if (told.split('\n').length > 3) heal();
    };
    const all = LINES + MORE;
    const first = await follow(log, state, all, undefined, hear);
    if (first.problem !== undefined) {
      told += first.problem;
      heal();
      const second = await follow(log, state, all, undefined, hear);
      if (second.problem !== undefined) throw new Error(`with room again: ${second.problem}`);
    }
    const what = isReadOnly ? 'read-only' : 'full';
    if (told.includes('TOO LATE')) throw new Error(`${what}, ${free} pages free: lines do not come; told: ${told}`);
    const stored = storedIn(state);
    const isRight = stored.length === all && stored.every((number, at) => number === at);
    if (!isRight) throw new Error(`${what}, ${free} pages free: ${stored.length} of ${all}; told: ${told}`);
    if (told === '' && (isReadOnly || free < 8)) throw new Error(`${what}, ${free} pages free: nothing was told`);
    return told === '' ? 'room enough' : what;
  } finally {
    spawnSync('/bin/umount', [disk]);
    rmSync(folder, { recursive: true, force: true });
  }
}
