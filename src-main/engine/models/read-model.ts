import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

import type { SavedDetector } from '../../../models/detector.ts';
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
  const refuse = (kind: ModelProblem['kind'], message: string): ReadModel => ({
    ok: false,
    problem: { kind, message: `${folder}: ${message}` },
  });
  let manifest: unknown;
  try {
    manifest = JSON.parse(bytesOf(join(folder, MANIFEST), MOST_MANIFEST_BYTES).toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return refuse('corrupt', `${MANIFEST} is not JSON. Train again or roll back.`);
    return refuse('missing', `no readable ${MANIFEST} (${whyNot(error)}). Train again.`);
  }
  const found = formatOf(manifest);
  if (found !== undefined && found !== FORMAT)
    return refuse('other-format', `model format ${found}, this program reads ${FORMAT}. Train again.`);
  if (!isManifest(manifest))
    return refuse('corrupt', `${MANIFEST} is not a model's manifest. Train again or roll back.`);
  if (pack && !seesTheSame(manifest, pack))
    return refuse('other-pack', 'trained with other queries or features than the pack now has. Train again.');

  const files: Record<string, string | Uint8Array> = {};
  let left = MOST_MODEL_BYTES;
  for (const [name, expected] of Object.entries(manifest.files)) {
    let bytes: Buffer;
    try {
      bytes = bytesOf(join(folder, name), Math.min(left, MOST_FILE_BYTES));
    } catch (error) {
      return refuse('corrupt', `${name} is missing or unreadable (${whyNot(error)}). Train again or roll back.`);
    }
    if (sha256(bytes) !== expected)
      return refuse('corrupt', `${name} is not what was written. Train again or roll back.`);
    left -= bytes.length;
    files[name] = name.endsWith('.bin') ? new Uint8Array(bytes) : bytes.toString('utf8');
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
function bytesOf(path: string, most: number): Buffer {
  if (!lstatSync(path).isFile()) throw new NotRead('not a regular file');
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new NotRead('not a regular file');
    if (found.size > most) throw new NotRead('too large');
    const bytes = Buffer.alloc(found.size);
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

const whyNot = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown';
