/** A full or read-only disk: what is told, what is left, and that it goes on by itself. Needs the right to mount one. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { fusedEngine } from '../../models/fused.ts';
import { Engine } from '../../src-main/engine/engine.ts';
import type { EngineOptions } from '../../src-main/engine/options.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { StoreFull } from '../../src-main/engine/store/problem.ts';
import { ingestLoop } from '../../src-main/intake/ingest-loop.ts';
import { lineOf } from '../engine/log-lines.ts';
import { ordinary } from '../models/ordinary.ts';
import { scratch } from '../scratch.ts';

/** @returns a disk of this many KiB, or undefined without the right to mount one */
function disk(kibibytes: number): string | undefined {
  const folder = scratch();
  const { status } = spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k,mode=0700`, 'tmpfs', folder]);
  if (status !== 0) return undefined;
  onTestFinished(() => void spawnSync('/bin/umount', [folder]));
  return folder;
}

/** Writes until nothing more goes in. @returns what makes room again */
function fill(folder: string): () => void {
  const path = join(folder, 'filler');
  spawnSync('dd', ['if=/dev/zero', `of=${path}`, 'bs=4k']);
  return () => {
    rmSync(path);
  };
}

const engineOptions = (state: string): EngineOptions => ({
  state,
  pack: defaultPack(),
  math: fusedEngine(),
  algorithm: 'ocsvm',
  seed: 1,
  windowLength: 50,
  trainAfter: 900,
  sensitivity: { alertsPerDay: 1 },
  subject: 'alice',
  now: () => 1_800_000_000,
});

const past = ordinary(1000);
const text = (from: number, to: number): string =>
  past
    .slice(from, to)
    .map((action) => `${lineOf(action)}\n`)
    .join('');

it('storing waits, loses nothing, and tells when it goes on', async ({ skip }) => {
  const folder = disk(2048);
  if (folder === undefined) return skip('a small disk needs the right to mount one (run as root)');
  const [state, log] = [join(folder, 'state'), join(scratch(), 'results.log')];
  writeFileSync(log, text(0, 300));
  const notices: string[] = [];
  const stop = new AbortController();
  let [stored, isFilled] = [0, false];
  let free: (() => void) | undefined;
  await ingestLoop({
    log,
    startAt: 'beginning',
    signal: stop.signal,
    retryMs: 20,
    pollMs: 20,
    open: () => Engine.open(engineOptions(state)),
    onNotice: (told) => {
      notices.push(told);
      if (told.includes('disk is full') && notices.length > 3) {
        free?.();
        free = undefined;
      }
    },
    onStored: ({ store }) => {
      stored = store.subjects.byName('alice')?.stored ?? 0;
      if (stored >= 800) stop.abort();
      else if (stored >= 300 && !isFilled) {
        isFilled = true;
        free = fill(folder);
        writeFileSync(log, text(300, 800), { flag: 'a' });
      }
    },
  });
  expect(stored).toBe(800);
  expect(notices.join('\n')).toMatch(/The disk is full[^]*Storing goes on again/);
});

it('a model that cannot be written leaves nothing behind, however often it is tried', async ({ skip }) => {
  const folder = disk(3072);
  if (folder === undefined) return skip('a small disk needs the right to mount one (run as root)');
  const state = join(folder, 'state');
  const opened = Engine.open(engineOptions(state));
  if (!opened.ok) throw new Error(opened.problem.message);
  const { engine } = opened;
  onTestFinished(() => {
    engine.close();
  });
  const met = { path: '/l', device: '1', inode: '1', fingerprint: '', fingerprintBytes: 0 };
  const lines = past.map((action, a) => ({ number: a + 1, text: lineOf(action) }));
  engine.ingest({ lines, refused: [], checkpoint: { ...met, offset: 1, line: 1 } });
  mkdirSync(join(state, 'models'));
  const free = fill(folder);
  for (let attempt = 0; attempt < 3; attempt++) {
    await expect(engine.trainDue()).rejects.toThrow(StoreFull);
    expect(readdirSync(join(state, 'models'))).toEqual([]);
  }
  free();
  await engine.trainDue();
  expect(readdirSync(join(state, 'models'))).toHaveLength(1);
});

it('a setting that cannot be written is named with its file and the remedy; it can still be read', ({ skip }) => {
  const folder = disk(64);
  if (folder === undefined) return skip('a small disk needs the right to mount one (run as root)');
  const ubad = (...words: string[]) =>
    spawnSync(process.execPath, ['src-main/cli.ts', 'config', ...words, '--config', join(folder, 'config.json')], {
      encoding: 'utf8',
    });
  const set = (): unknown => ubad('set', 'keepDays', '90').stderr;
  expect(ubad('set', 'keepDays', '30').status).toBe(0);
  const free = fill(folder);
  expect(set()).toMatch(/config\.json cannot be written: the disk is full\. Free some space/);
  expect(ubad('get', 'keepDays').stdout).toBe('30\n');
  free();
  expect(set()).toBe('');
  spawnSync('/bin/mount', ['-o', 'remount,ro', folder]);
  expect(set()).toMatch(/config\.json cannot be written: EROFS\. See to its permissions/);
  expect(ubad('get', 'keepDays').stdout).toBe('90\n');
});
