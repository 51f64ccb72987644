import { createHash } from 'node:crypto';

import { BadBackup, type Source } from '../../../src-main/engine/backup/form.ts';
import { readArchive } from '../../../src-main/engine/backup/read-archive.ts';
import { writeArchive } from '../../../src-main/engine/backup/write-archive.ts';
import { mustBeUnpolluted, only, type Target } from '../target.ts';

const CHECKSUM = 32;
const PLACES = /^(config\.json|ubad\.db|models\/[^/.][^/]*\/[^/.][^/]*)$/;

function made(files: Readonly<Record<string, string>>): Buffer {
  const pieces: Uint8Array[] = [];
  const parts = Object.entries(files).map(([name, text]) => ({
    name,
    bytes: Buffer.byteLength(text),
    read: () => [Buffer.from(text)],
  }));
  writeArchive((bytes) => pieces.push(Buffer.from(bytes)), { madeAt: 1, program: '1.0.0' }, parts, undefined);
  return Buffer.concat(pieces);
}

const sourceOf = (bytes: Buffer): Source => ({
  size: bytes.length,
  read(from, length) {
    if (from < 0 || length < 0 || from + length > bytes.length) throw new Error(`reads ${length} at ${from}`);
    return Buffer.from(bytes.subarray(from, from + length));
  },
});

const withChecksum = (bytes: Buffer): Buffer => Buffer.concat([bytes, createHash('sha256').update(bytes).digest()]);
const seed = (files: Readonly<Record<string, string>>): string => made(files).subarray(0, -CHECKSUM).toString('latin1');

/** A backup, a character a byte, without its checksum: it is given a right one, or nothing behind that would be reached. */
export const backup: Target = {
  name: 'backup',
  reaches: /src-main\/engine\/backup\/(read-archive|form)/,
  seeds: [
    seed({ 'ubad.db': 'x' }),
    seed({ 'config.json': '{}', 'ubad.db': 'SQLite', 'models/a-1/model.json': '{}', 'models/a-1/empty': '' }),
    seed({ '../ubad.db': 'x' }),
  ],
  words: [
    'ubad backup 1\n',
    'ubad backup 2\n',
    '"sealed":null',
    '../',
    'models/',
    '/etc/passwd',
    '"bytes":',
    '__proto__',
    '\0',
  ],
  check(input) {
    const bytes = Buffer.from(input, 'latin1');
    for (const whole of [bytes, withChecksum(bytes)]) {
      only(BadBackup, () => {
        const archive = readArchive(sourceOf(whole), undefined);
        for (const { name } of archive.entries) if (!PLACES.test(name)) throw new Error(`unpacks to ${name}`);
        let given = 0;
        archive.unpack((_, piece) => (given += piece.length));
        const told = archive.entries.reduce((sum, entry) => sum + entry.bytes, 0);
        if (given !== told || given > whole.length) throw new Error(`gives ${given} of ${told} bytes`);
      });
      mustBeUnpolluted();
    }
  },
};
