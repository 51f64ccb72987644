import { createCipheriv, createHash, randomBytes } from 'node:crypto';

import { ARCHIVE_VERSION, keyOf, length, MAGIC, type Header, type Part } from './form.ts';

/** A file is not as long as the list in the backup says, which stands before it. */
export class PartChanged extends Error {
  override readonly name = 'PartChanged';
}

/** @param write is given the backup piece by piece; @throws PartChanged */
export function writeArchive(
  write: (bytes: Uint8Array) => void,
  header: Header,
  parts: readonly Part[],
  passphrase: string | undefined,
): void {
  const [salt, iv] = [randomBytes(length.salt), randomBytes(length.iv)];
  const sealed = passphrase === undefined ? null : { salt: salt.toString('hex'), iv: iv.toString('hex') };
  const head = Buffer.from(`${MAGIC}${ARCHIVE_VERSION}\n${JSON.stringify({ ...header, sealed })}\n`);
  const seal = sealerOf(head, passphrase, salt, iv);
  write(head);
  const index = Buffer.from(JSON.stringify(parts.map(({ name, bytes }) => ({ name, bytes }))));
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(index.length);
  write(seal.update(Buffer.concat([bytes, index])));
  for (const part of parts) {
    let left = part.bytes;
    for (const piece of part.read()) {
      left -= piece.length;
      write(seal.update(piece));
    }
    if (left !== 0) throw new PartChanged(`${part.name} changed while it was read; try again.`);
  }
  write(seal.final());
}

function sealerOf(head: Buffer, passphrase: string | undefined, salt: Buffer, iv: Buffer): Sealer {
  if (passphrase === undefined) {
    const sum = createHash('sha256').update(head);
    return {
      update(bytes) {
        sum.update(bytes);
        return bytes;
      },
      final: () => sum.digest(),
    };
  }
  const cipher = createCipheriv('aes-256-gcm', keyOf(passphrase, salt), iv).setAAD(head);
  return {
    update: (bytes) => cipher.update(bytes),
    final: () => Buffer.concat([cipher.final(), cipher.getAuthTag()]),
  };
}

interface Sealer {
  update(bytes: Uint8Array): Uint8Array;
  /** What is left, and the proof. */
  final(): Uint8Array;
}
