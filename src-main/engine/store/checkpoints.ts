import { createHash } from 'node:crypto';

import type { Checkpoint, FileIdentity } from '../../contract/batch.ts';
import { finite, maybe, object, whole, type Shape } from '../../../models/saved.ts';
import { columns, number, orNull, text, type RowOf } from './columns.ts';
import type { Connection } from './sql.ts';

/** Where reading of one log may resume, and what the engine's reading has to remember across that point. */
export interface Resumption {
  readonly checkpoint: Checkpoint;
  /** Any JSON: last counters of each query, say. */
  readonly readerState: unknown;
}

/** Before anything that was ever written to a log: the position of no file, with none before it. */
export const beforeAll = (path: string): Checkpoint => ({
  path,
  device: '',
  inode: '',
  fingerprint: createHash('sha256').digest('hex'),
  fingerprintBytes: 0,
  offset: 0,
  line: 0,
  before: null,
});

export interface Checkpoints {
  /** Replaces the checkpoint of the same path. Only in a transaction: the one that stores what was read up to there. */
  put(resumption: Resumption): void;
  of(path: string): Resumption | undefined;
  /** By path. */
  list(): Resumption[];
}

const row = columns({
  path: text,
  device: text,
  inode: text,
  fingerprint: text,
  fingerprint_bytes: number,
  offset: number,
  line: number,
  reader_state: text,
  mtime_ms: orNull(number),
  /** JSON of what was met, `null` where there was nothing; NULL where it is not known. */
  predecessor: orNull(text),
});
type Row = RowOf<typeof row>;

const met = object({
  device: text,
  inode: text,
  fingerprint: text,
  fingerprintBytes: whole(0, Number.MAX_SAFE_INTEGER),
  mtimeMs: maybe(finite),
});
const identityOrNothing: Shape<FileIdentity | null> = (value): value is FileIdentity | null =>
  value === null || met(value);

export function checkpointsIn(connection: Connection): Checkpoints {
  const put = connection.prepare(
    `INSERT OR REPLACE INTO checkpoints
      (path, device, inode, fingerprint, fingerprint_bytes, offset, line, reader_state, mtime_ms, predecessor)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const byPath = connection.read(row, 'SELECT * FROM checkpoints WHERE path = ?');
  const all = connection.read(row, 'SELECT * FROM checkpoints ORDER BY path');

  return {
    put({ checkpoint, readerState }) {
      connection.mustBeInTransaction();
      const { path, device, inode, fingerprint, fingerprintBytes, offset, line, mtimeMs, before } = checkpoint;
      const state = JSON.stringify(readerState);
      const predecessor = before === undefined ? null : JSON.stringify(before);
      put.run(path, device, inode, fingerprint, fingerprintBytes, offset, line, state, mtimeMs ?? null, predecessor);
    },
    of(path) {
      const row = byPath.get(path);
      return row && resumptionOf(row, connection);
    },
    list: () => all.all().map((row) => resumptionOf(row, connection)),
  };
}

function resumptionOf(row: Row, connection: Connection): Resumption {
  const { fingerprint_bytes, reader_state, mtime_ms, predecessor, ...same } = row;
  const checkpoint = {
    ...same,
    fingerprintBytes: fingerprint_bytes,
    ...(mtime_ms !== null && { mtimeMs: mtime_ms }),
    ...(predecessor !== null && { before: connection.jsonOf(predecessor, identityOrNothing, 'a place in a log') }),
  };
  return { checkpoint, readerState: connection.json(reader_state) };
}
