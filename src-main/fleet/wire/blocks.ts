import { createHash } from 'node:crypto';

import { headers, MOST_BLOCK_BYTES, MOST_BLOCK_LINES } from './messages.ts';
import { hostOf, lastToken } from './subjects.ts';

/** A message of the stream of lines. */
export interface Block {
  readonly seq: number;
  /** When the server stored it, Unix seconds: the same for whoever reads it, whenever. */
  readonly time: number;
  readonly subject: string;
  readonly body: Uint8Array;
  /** What a header says; undefined where it is missing. */
  readonly header: (name: string) => string | undefined;
}

export type BlockRefusal =
  'bad-host' | 'bad-text' | 'too-large' | 'too-many-lines' | 'bad-say' | 'bad-alert' | 'no-alert' | 'failed';

export type ReadBlock =
  | {
      readonly ok: true;
      readonly host: string;
      readonly token: string;
      readonly lines: readonly string[];
      /** Number of its first line among the host's; undefined where nobody says so. */
      readonly first: number | undefined;
    }
  | { readonly ok: false; readonly why: BlockRefusal };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** What a block holds. A block that is none is refused as a whole: it must not stop a partition. */
export function readBlock({ subject, body, header }: Block): ReadBlock {
  const token = lastToken(subject);
  const host = hostOf(token);
  if (host === undefined) return { ok: false, why: 'bad-host' };
  if (body.byteLength > MOST_BLOCK_BYTES) return { ok: false, why: 'too-large' };
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    return { ok: false, why: 'bad-text' };
  }
  const lines = text === '' ? [] : text.split('\n');
  if (lines.length > MOST_BLOCK_LINES) return { ok: false, why: 'too-many-lines' };
  return { ok: true, host, token, lines, first: lineNumber(header(headers.line)) };
}

function lineNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^[1-9]\d{0,14}$/.test(text)) return undefined;
  return Number(text);
}

/** Cuts lines into blocks that a message holds. A line that no block holds is left out, and counted by the caller. */
export function* blocksOf(lines: readonly string[], most = MOST_BLOCK_LINES): Generator<readonly string[], void> {
  let block: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    const size = Buffer.byteLength(line) + 1;
    if (block.length > 0 && (block.length >= most || bytes + size > MOST_BLOCK_BYTES)) {
      yield block;
      block = [];
      bytes = 0;
    }
    block.push(line);
    bytes += size;
  }
  if (block.length > 0) yield block;
}

/** Whether a line can be in a block at all: it holds no line ending, and there is room for it. */
export const fitsInBlock = (line: string): boolean =>
  !line.includes('\n') && Buffer.byteLength(line) + 1 <= MOST_BLOCK_BYTES;

/** Eight characters that tell a line from others: 48 bits of its SHA-256. */
export const lineHash = (line: string): string => createHash('sha256').update(line).digest('base64url').slice(0, 8);
