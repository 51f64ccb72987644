import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

import type { SavedDetector } from '../../../models/detector.ts';
import { message } from '../../contract/story/messages.ts';
import { seesTheSame, type Fingerprints } from '../reading/fingerprints.ts';
import {
  FORMAT,
  isManifest,
  MANIFEST,
  MOST_FILE_BYTES,
  MOST_MANIFEST_BYTES,
  MOST_MODEL_BYTES,
  sha256,
  type ModelProblem,
  type StoredManifest,
} from './manifest.ts';

export type ReadModel =
  | { readonly ok: true; readonly manifest: StoredManifest; readonly files: SavedDetector }
  | { readonly ok: false; readonly problem: ModelProblem };

/** Why a file of a model is not read; goes on after its name. */
class NotRead extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/**
 * Reads and verifies a model folder, whoever wrote it: regular files only, no links, no more than models ever are. Whether it can
 * judge is not known before it was loaded and has judged.
 * @param pack the present one; undefined to accept a model of any
 */
export function readModel(folder: string, pack?: Fingerprints): ReadModel {
  const refuse = (kind: ModelProblem['kind'], what: string): ReadModel => ({
    ok: false,
    problem: { kind, message: message('of', { user: folder, what }) },
  });
  let manifest: unknown;
  try {
    manifest = JSON.parse(textOf(bytesOf(join(folder, MANIFEST), MOST_MANIFEST_BYTES)));
  } catch (error) {
    if (error instanceof SyntaxError) return refuse('corrupt', message('model.not-json', { file: MANIFEST }));
    return refuse('missing', message('model.missing', { file: MANIFEST, cause: whyNot(error) }));
  }
  const found = formatOf(manifest);
  if (found !== undefined && found !== FORMAT)
    return refuse('other-format', message('model.other-format', { found, known: FORMAT }));
  if (!isManifest(manifest)) return refuse('corrupt', message('model.no-manifest', { file: MANIFEST }));
  if (pack && !seesTheSame(manifest, pack)) return refuse('other-pack', message('model.other-pack'));

  const files: Record<string, string | Uint8Array> = {};
  let left = MOST_MODEL_BYTES;
  for (const [name, expected] of Object.entries(manifest.files)) {
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = bytesOf(join(folder, name), Math.min(left, MOST_FILE_BYTES));
    } catch (error) {
      return refuse('corrupt', message('model.file-gone', { file: name, cause: whyNot(error) }));
    }
    if (sha256(bytes) !== expected) return refuse('corrupt', message('model.file-other', { file: name }));
    left -= bytes.length;
    files[name] = name.endsWith('.json') ? textOf(bytes) : bytes;
  }
  return { ok: true, manifest, files };
}

function formatOf(manifest: unknown): number | undefined {
  const { format } = (typeof manifest === 'object' && manifest !== null ? manifest : {}) as { format?: unknown };
  return typeof format === 'number' ? format : undefined;
}

/**
 * A regular file's bytes. A pipe is not waited for and a link not followed: the look before opening spares what opening would do
 * to a device, the one after it tells what was opened.
 * @throws what the system throws, or NotRead
 */
function bytesOf(path: string, most: number): Uint8Array<ArrayBuffer> {
  if (!lstatSync(path).isFile()) throw new NotRead('not a regular file');
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new NotRead('not a regular file');
    if (found.size > most) throw new NotRead('too large');
    const bytes = new Uint8Array(found.size);
    for (let done = 0; done < bytes.length;) {
      const count = readSync(file, bytes, done, bytes.length - done, done);
      if (count === 0) throw new NotRead('cut off while it was read');
      done += count;
    }
    return bytes;
  } finally {
    closeSync(file);
  }
}

const textOf = ({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): string =>
  Buffer.from(buffer, byteOffset, length).toString('utf8');

const whyNot = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown';
