/** What a reader of a log hands on, and where it goes on from. */
import * as v from 'valibot';

import { count, text } from './inputs.ts';

/** What a file was when it was first read: by this it is found again under any name, also compressed. */
export interface FileIdentity {
  /** `stat.dev` and `stat.ino` as decimal strings: 64 bits do not fit a number. Empty where no file was met yet. */
  readonly device: string;
  readonly inode: string;
  /** SHA-256 (hex) of the file's first `fingerprintBytes` bytes: an inode number is used again after a delete. */
  readonly fingerprint: string;
  readonly fingerprintBytes: number;
  /** Its time of last change when it was last read, Unix milliseconds with a fraction; not in older checkpoints. */
  readonly mtimeMs?: number;
}

/** Where reading may resume: everything before it is committed. */
export interface Checkpoint extends FileIdentity {
  /** Absolute path as it was configured. */
  readonly path: string;
  /** The rotated file before this one: null where there was none, absent where that is not known. */
  readonly before?: FileIdentity | null;
  /** Byte just after the newline of the last whole line. */
  readonly offset: number;
  /** 1-based number of the last line read of this file; 0 before the first. */
  readonly line: number;
}

/** One line of the log, without its line ending. */
export interface SourceLine {
  /** 1-based, counted within its file. */
  readonly number: number;
  readonly text: string;
}

/** Lines that the reader itself could not hand on. */
export interface SourceRefusal {
  readonly number: number;
  readonly reason: 'too-long';
}

/** Whole lines in file order, and the position after the last of them. */
export interface Batch {
  readonly lines: readonly SourceLine[];
  readonly refused: readonly SourceRefusal[];
  readonly checkpoint: Checkpoint;
  /** Whose lines they all are, whatever they say of themselves; undefined: as they say. */
  readonly host?: string;
}

const identity = {
  device: v.string(),
  inode: v.string(),
  fingerprint: v.string(),
  fingerprintBytes: count,
  mtimeMs: v.exactOptional(v.number()),
};
export const checkpointSchema = v.object({
  ...identity,
  path: text,
  before: v.exactOptional(v.nullable(v.object(identity))),
  offset: count,
  line: count,
}) satisfies v.GenericSchema<unknown, Checkpoint>;
export const batchSchema: v.GenericSchema<unknown, Batch> = v.object({
  lines: v.array(v.object({ number: count, text: v.string() })),
  refused: v.array(v.object({ number: count, reason: v.literal('too-long') })),
  checkpoint: checkpointSchema,
});

/** Whether what was read is stored. Not stored: a person can cure it, and the same batch is to be sent again. */
export type Ingested =
  { readonly stored: true; readonly checkpoint: Checkpoint } | { readonly stored: false; readonly problem: string };
