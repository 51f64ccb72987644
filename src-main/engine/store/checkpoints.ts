import type { Checkpoint } from '../../contract.ts';
import type { Connection } from './sql.ts';

/** Where reading of one log may resume, and what the engine's reading has to remember across that point. */
export interface Resumption {
  readonly checkpoint: Checkpoint;
  /** Any JSON: last counters of each query, say. */
  readonly readerState: unknown;
}

export interface Checkpoints {
  /** Replaces the checkpoint of the same path. Only in a transaction: the one that stores what was read up to there. */
  put(resumption: Resumption): void;
  of(path: string): Resumption | undefined;
  /** By path. */
  list(): Resumption[];
}

interface Row {
  path: string;
  device: string;
  inode: string;
  fingerprint: string;
  fingerprint_bytes: number;
  offset: number;
  line: number;
  reader_state: string;
}

export function checkpointsIn(connection: Connection): Checkpoints {
  const put = connection.prepare('INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const byPath = connection.prepare<Row>('SELECT * FROM checkpoints WHERE path = ?');
  const all = connection.prepare<Row>('SELECT * FROM checkpoints ORDER BY path');

  return {
    put({ checkpoint, readerState }) {
      connection.mustBeInTransaction();
      const { path, device, inode, fingerprint, fingerprintBytes, offset, line } = checkpoint;
      put.run(path, device, inode, fingerprint, fingerprintBytes, offset, line, JSON.stringify(readerState));
    },
    of(path) {
      const row = byPath.get(path);
      return row && resumptionOf(row);
    },
    list: () => all.all().map(resumptionOf),
  };
}

function resumptionOf({ fingerprint_bytes, reader_state, ...same }: Row): Resumption {
  return { checkpoint: { ...same, fingerprintBytes: fingerprint_bytes }, readerState: JSON.parse(reader_state) };
}
