import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, expect } from 'vitest';

import { openStore } from '../../src-main/engine/store/open.ts';
import type { Store } from '../../src-main/engine/store/store.ts';
import { lineOf } from '../engine/log-lines.ts';
import { ordinary } from '../models/ordinary.ts';

export const SEED = Number(process.env.UBAD_SEED ?? Date.now() % 100_000);
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

export interface Watch {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output: string;
}

/** Asks it to end, which it is to do well. */
export async function end({ child, ended, output }: Watch): Promise<void> {
  child.kill('SIGTERM');
  expect(await ended, output).toBe(0);
}

/** A log, a state folder, and `ubad watch` on them. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'ubad-kill-'));
  readonly log = join(this.folder, 'results.log');
  readonly state = join(this.folder, 'state');
  readonly #config = join(this.folder, 'config.json');

  configure(settings: Record<string, unknown>): void {
    writeFileSync(this.#config, JSON.stringify(settings));
  }

  /** @param environment beside the own */
  watch(environment: Readonly<Record<string, string>> = {}): Watch {
    const words = [
      'bin/ubad.mjs',
      'watch',
      '--log',
      this.log,
      '--state',
      this.state,
      '--config',
      this.#config,
      '--subject',
      'alice',
    ];
    const child = spawn(process.execPath, words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    running.add(child);
    const ended = new Promise<number | null>((resolve) => {
      child.on('exit', (code) => {
        running.delete(child);
        resolve(code);
      });
    });
    const watch: Watch = { child, ended, output: '' };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (watch.output += String(text)));
    return watch;
  }

  /** After a failure the folder stays, to be looked at. */
  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** Reads the database while it is written; undefined before there is one. */
  read<T>(work: (store: Store) => T): T | undefined {
    const opened = openStore(this.state, { now: 0, readOnly: true });
    if (!opened.ok) return undefined;
    try {
      return work(opened.store);
    } finally {
      opened.store.close();
    }
  }

  stored(): number {
    return this.read((store) => store.subjects.byName('alice')?.stored ?? 0) ?? 0;
  }

  async until(count: number, watch: Watch): Promise<void> {
    const deadline = performance.now() + 30_000;
    while (this.stored() < count) {
      if (performance.now() > deadline || watch.child.exitCode !== null) {
        const found = new Set(this.numbers());
        const missing = Array.from({ length: count }, (_, i) => i).filter((i) => !found.has(i));
        throw new Error(
          `seed ${SEED}: lines ${missing.join()} of ${count} are missing in ${this.folder}\n${watch.output}`,
        );
      }
      await pause(20);
    }
  }

  /** The numbers of all stored lines, in the order in which they were stored. */
  numbers(): number[] {
    return this.read((store) => {
      const { id } = store.subjects.byName('alice')!;
      return [...store.actions.after(id, 0)].map(({ action }) => Number(action.columns.number));
    })!;
  }
}

const habits = ordinary(200);

/** The nth line of a user with habits, numbered in a column that nothing learns. */
export function numbered(n: number): string {
  const habit = habits[n % habits.length]!;
  return lineOf({ ...habit, columns: { ...habit.columns, number: String(n) } });
}
