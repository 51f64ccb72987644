import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Part, Source } from '../../../src-main/engine/backup/form.ts';
import { readArchive } from '../../../src-main/engine/backup/read-archive.ts';
import { writeArchive } from '../../../src-main/engine/backup/write-archive.ts';

const part = (name: string, content: Uint8Array): Part => ({ name, bytes: content.length, read: () => [content] });

function written(parts: readonly Part[], passphrase?: string): Buffer {
  const pieces: Buffer[] = [];
  writeArchive((bytes) => pieces.push(Buffer.from(bytes)), { madeAt: 1, program: '1.0.0' }, parts, passphrase);
  return Buffer.concat(pieces);
}

const sourceOf = (bytes: Buffer): Source => ({
  size: bytes.length,
  read: (from, length) => Buffer.from(bytes.subarray(from, from + length)),
});

function contents(bytes: Buffer, passphrase?: string): Record<string, string> {
  const found: Record<string, string> = {};
  readArchive(sourceOf(bytes), passphrase).unpack(({ name }, piece) => {
    found[name] = (found[name] ?? '') + piece.toString('hex');
  });
  return found;
}

const database = part('ubad.db', Buffer.from('database'));
const hex = (text: string): string => Buffer.from(text).toString('hex');

describe('a backup', () => {
  it('gives back what it was given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4000 }), fc.uint8Array({ maxLength: 10 }), (one, two) => {
        const bytes = written([part('ubad.db', one), part('models/a/model.json', two)]);
        const expected = {
          'ubad.db': Buffer.from(one).toString('hex'),
          'models/a/model.json': Buffer.from(two).toString('hex'),
        };
        expect(contents(bytes)).toEqual(expected);
      }),
    );
    expect(contents(written([database], 'é'), 'e\u0301')).toEqual({ 'ubad.db': hex('database') });
  });

  it.each([undefined, 'secret'])('is read once from its first byte to its last (passphrase: %s)', (passphrase) => {
    const parts = [part('ubad.db', Buffer.alloc(3_000_000, 'x')), part('models/a/empty', Buffer.alloc(0))];
    for (const whole of [written(parts, passphrase), written([database], passphrase)]) {
      let read = 0;
      const source: Source = {
        size: whole.length,
        read(from, length) {
          expect(from).toBe(read);
          read += length;
          return Buffer.from(whole.subarray(from, read));
        },
      };
      const archive = readArchive(source, passphrase);
      archive.unpack(() => undefined);
      expect(read).toBe(whole.length);
    }
  });

  it('that is exchanged while it is read is refused, though each half was whole', () => {
    const [one, other] = ['x', 'y'].map((text) => written([part('ubad.db', Buffer.alloc(3_000_000, text))]));
    let reads = 0;
    const source: Source = {
      size: one!.length,
      read: (from, length) => Buffer.from((++reads > 2 ? other! : one!).subarray(from, from + length)),
    };
    const archive = readArchive(source, undefined);
    expect(() => {
      archive.unpack(() => undefined);
    }).toThrow('its checksum is another one');
  });

  it('is refused when any byte is another, or the end is gone', () => {
    const whole = written([database]);
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at]! ^= 1;
      expect(() => contents(changed), `byte ${at}`).toThrow();
      expect(() => contents(whole.subarray(0, at)), `cut at ${at}`).toThrow();
    }
  });

  it('that is encrypted is refused when its head, its content or its proof is another', () => {
    const whole = written([database], 'secret');
    const head = whole.indexOf('\n', whole.indexOf('\n') + 1);
    for (const at of [whole.indexOf('madeAt') + 8, head + 1, head + 10, whole.length - 1]) {
      const changed = Buffer.from(whole);
      changed[at]! ^= 1;
      expect(() => contents(changed, 'secret'), `byte ${at}`).toThrow();
    }
    expect(() => contents(whole, 'another')).toThrow('the passphrase is another one');
    expect(() => contents(whole)).toThrow('--passphrase-file');
  });

  it.each([
    '../ubad.db',
    '/etc/passwd',
    'models/../ubad.db',
    'models/a/../../x',
    'models/a/.',
    'ubad.db\0',
    'models/a/b/c',
  ])('that names %j is refused, though it is whole', (name) => {
    expect(() => contents(written([database, part(name, Buffer.from('x'))]))).toThrow('names what cannot be');
  });

  it('of a newer form, or of another program, is told as such', () => {
    expect(() => contents(Buffer.from('ubad backup 2\n{}\nx'))).toThrow('newer version of ubad');
    expect(() => contents(Buffer.from('PK\u0003\u0004'))).toThrow('is no backup of ubad');
    expect(() => contents(Buffer.alloc(0))).toThrow('is no backup of ubad');
  });
});
