import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

import type { Action } from '../../../models/action.ts';
import type { Checkpoint } from '../../../src-main/contract/batch.ts';
import type { NewAction } from '../../../src-main/engine/store/actions.ts';
import type { NewIncident } from '../../../src-main/engine/store/incidents.ts';
import { openStore, type OpenOptions } from '../../../src-main/engine/store/open.ts';
import type { StoreProblem } from '../../../src-main/engine/store/problem.ts';
import type { Store } from '../../../src-main/engine/store/store.ts';

/** 2026-11-25 08:15 UTC. */
export const NOW = 1_795_594_500;
export const LOG = '/var/log/osquery/osqueryd.results.log';

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ubad-store-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

export function opened(folder: string, options: Partial<OpenOptions> = {}): Store {
  const result = openStore(folder, { now: NOW, ...options });
  if (!result.ok) throw new Error(result.problem.message);
  onTestFinished(() => {
    result.store.close();
  });
  return result.store;
}

export function newStore(): Store {
  return opened(newFolder());
}

export function problemOf(folder: string, options: Partial<OpenOptions> = {}): StoreProblem {
  const result = openStore(folder, { now: NOW, ...options });
  if (result.ok) {
    result.store.close();
    throw new Error('This store should not have opened.');
  }
  return result.problem;
}

export function action(changes: Partial<Action> = {}): Action {
  return {
    query: 'process_start',
    change: 'added',
    time: NOW,
    columns: { name: 'git', path: '/usr/bin/git' },
    ...changes,
  };
}

export function line(subjectId: number, number: number, changes: Partial<Action> = {}): NewAction {
  return { subjectId, action: action(changes), host: 'desk', path: LOG, line: number };
}

/** Stores `times.length` actions of a subject, one a time. */
export function fill(store: Store, name: string, times: readonly number[]): { subject: number; ids: number[] } {
  return store.transaction(() => {
    const subject = store.subjects.ensure(name, times[0] ?? NOW);
    return { subject, ids: store.actions.append(times.map((time, at) => line(subject, at + 1, { time }))) };
  });
}

export function incident(subjectId: number, firstAction: number, lastAction: number): NewIncident {
  return {
    subjectId,
    openedAt: NOW,
    firstAction,
    lastAction,
    firstTime: NOW - 60,
    lastTime: NOW,
    peak: 4.2,
    band: 'alarm',
    count: 1,
    explanation: { because: ['new program'] },
  };
}

export function checkpoint(lineNumber: number, path = LOG): Checkpoint {
  return {
    path,
    device: '2049',
    inode: '18446744073709551615',
    fingerprint: 'ab12',
    fingerprintBytes: 1024,
    offset: lineNumber * 230,
    line: lineNumber,
  };
}
