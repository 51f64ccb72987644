import type { Action } from '../../models/action.ts';
import type { Batch } from '../../src-main/contract/batch.ts';

/** An action as osquery's results log has it. */
export function lineOf({ query, change, time, columns }: Action, counter = 1): string {
  const head = { name: `pack_user-behavior_${query}`, hostIdentifier: 'desk', unixTime: time, epoch: 0, counter };
  return JSON.stringify({ ...head, columns, action: change });
}

/** Lines as a reader hands them on, numbered from `first`. */
export function batchOf(lines: readonly string[], first = 1, path = '/var/log/test.log'): Batch {
  const line = first + lines.length - 1;
  const identity = { path, device: '1', inode: '2', fingerprint: 'f', fingerprintBytes: 1 };
  return {
    lines: lines.map((text, i) => ({ number: first + i, text })),
    refused: [],
    checkpoint: { ...identity, offset: line * 100, line },
  };
}
