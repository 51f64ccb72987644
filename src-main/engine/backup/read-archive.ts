import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';
import { fstatSync, readSync } from 'node:fs';

import {
  ARCHIVE_VERSION,
  BadBackup,
  CHUNK,
  damaged,
  isRecord,
  keyOf,
  length,
  MAGIC,
  MOST_ENTRIES,
  MOST_INDEX,
  MOST_LINE,
  NAMES,
  parsed,
  type Entry,
  type Header,
  type Source,
} from './form.ts';

export interface Archive {
  readonly header: Header;
  readonly entries: readonly Entry[];
  /**
   * Gives the content of all entries, in their order, once. Nothing of the backup may be believed before this has returned:
   * what was given is what was proven.
   * @throws BadBackup
   */
  unpack(sink: (entry: Entry, bytes: Buffer) => void): void;
}

/**
 * Opens a backup. Each of its bytes is read once, from the first to the last, so that nobody can put others in their place
 * between the look at them and their use.
 * @throws BadBackup saying why it is none of ours, or not whole
 */
export function readArchive(source: Source, passphrase: string | undefined): Archive {
  const stream = new Stream(source);
  const { head, header, sealed } = headOf(stream);
  const proofBytes = sealed ? length.tag : length.checksum;
  const opener = sealed ? unsealing(head, sealed, passphrase) : summing(head);
  let left = source.size - head.length - proofBytes;
  const take = (size: number, most = Infinity): Buffer => {
    if (size > most || size > left) throw damaged('it ends too early');
    left -= size;
    return opener.update(stream.take(size));
  };
  const entries = opener.unproven(() => {
    const found = entriesOf(take(take(4).readUInt32BE(), MOST_INDEX));
    if (found.reduce((sum, { bytes }) => sum + bytes, 0) !== left) throw damaged('its list does not fit what it holds');
    return found;
  });
  return {
    header,
    entries,
    unpack(sink) {
      for (const entry of entries) {
        if (entry.bytes === 0) sink(entry, Buffer.alloc(0));
        for (let rest = entry.bytes; rest > 0;) {
          const bytes = take(Math.min(rest, CHUNK));
          sink(entry, bytes);
          rest -= bytes.length;
        }
      }
      opener.prove(stream.take(proofBytes));
    },
  };
}

/** What a source holds, from its beginning on. */
class Stream {
  readonly #source: Source;
  #ahead: Buffer = Buffer.alloc(0);
  #at = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  /** What begins here, so much or all that there is: it is still to be taken. */
  ahead(most: number): Buffer {
    this.#ahead = this.#read(Math.min(most, this.#source.size));
    return this.#ahead;
  }

  take(size: number): Buffer {
    const known = this.#ahead.subarray(0, size);
    this.#ahead = this.#ahead.subarray(known.length);
    return known.length === size ? known : Buffer.concat([known, this.#read(size - known.length)]);
  }

  #read(size: number): Buffer {
    if (size > this.#source.size - this.#at) throw damaged('it ends too early');
    const bytes = this.#source.read(this.#at, size);
    this.#at += size;
    return bytes;
  }
}

/** Opens what was sealed, and knows at the end whether it was ours. */
interface Opener {
  update(bytes: Buffer): Buffer;
  /** Does what may fail for the same cause as the proof, which is then told. */
  unproven<T>(work: () => T): T;
  /** @throws BadBackup where what was opened is not what was written */
  prove(proof: Buffer): void;
}

function summing(head: Buffer): Opener {
  const sum = createHash('sha256').update(head);
  return {
    update(bytes) {
      sum.update(bytes);
      return bytes;
    },
    unproven: (work) => work(),
    prove(proof) {
      if (!timingSafeEqual(sum.digest(), proof)) throw damaged('its checksum is another one');
    },
  };
}

function unsealing(head: Buffer, { salt, iv }: Seal, passphrase: string | undefined): Opener {
  if (passphrase === undefined)
    throw new BadBackup('needs-passphrase', 'is encrypted. Name the file of its passphrase with --passphrase-file.');
  const decipher = createDecipheriv('aes-256-gcm', keyOf(passphrase, salt), iv).setAAD(head);
  const refused = (): BadBackup =>
    new BadBackup(
      'not-opened',
      'cannot be opened: the passphrase is another one, or the file is damaged. Nothing was changed.',
    );
  return {
    update: (bytes) => decipher.update(bytes),
    unproven(work) {
      try {
        return work();
      } catch (error) {
        // With another passphrase it opens to anything.
        throw error instanceof BadBackup ? refused() : error;
      }
    },
    prove(proof) {
      try {
        decipher.setAuthTag(proof).final();
      } catch {
        throw refused();
      }
    },
  };
}

const BEGINS = new RegExp(`^${MAGIC}(\\d{1,6})$`);

interface Seal {
  readonly salt: Buffer;
  readonly iv: Buffer;
}

interface Head {
  readonly head: Buffer;
  readonly header: Header;
  readonly sealed: Seal | undefined;
}

function headOf(stream: Stream): Head {
  const start = stream.ahead(MOST_LINE);
  const first = start.indexOf('\n');
  const version = BEGINS.exec(start.subarray(0, Math.max(0, Math.min(first, 40))).toString('latin1'));
  if (!version) throw new BadBackup('foreign', 'is no backup of ubad.');
  if (Number(version[1]) > ARCHIVE_VERSION) {
    const why = `was made by a newer version of ubad (backup version ${version[1]}, this one knows ${ARCHIVE_VERSION}). Install that version; nothing was changed.`;
    throw new BadBackup('newer', why);
  }
  const second = start.indexOf('\n', first + 1);
  const told = second < 0 ? undefined : parsed(start.subarray(first + 1, second));
  if (!isRecord(told) || Number(version[1]) < 1) throw damaged('its head cannot be read');
  const { madeAt, program, sealed } = told;
  if (!Number.isSafeInteger(madeAt) || typeof program !== 'string' || program.length > 100)
    throw damaged('its head cannot be read');
  const header = { madeAt: madeAt as number, program };
  return { head: stream.take(second + 1), header, sealed: sealed === null ? undefined : sealOf(sealed) };
}

function sealOf(sealed: unknown): Seal {
  const bytesIn = (text: unknown, bytes: number): Buffer => {
    if (typeof text !== 'string' || !/^[0-9a-f]*$/.test(text) || text.length !== 2 * bytes)
      throw damaged('its head cannot be read');
    return Buffer.from(text, 'hex');
  };
  if (!isRecord(sealed)) throw damaged('its head cannot be read');
  return { salt: bytesIn(sealed.salt, length.salt), iv: bytesIn(sealed.iv, length.iv) };
}

function entriesOf(index: Buffer): Entry[] {
  const list = parsed(index);
  if (!Array.isArray(list) || list.length > MOST_ENTRIES) throw damaged('its list cannot be read');
  const names = new Set<string>();
  return list.map((one: unknown) => {
    const { name, bytes } = isRecord(one) ? one : {};
    if (typeof name !== 'string' || !NAMES.test(name) || names.has(name))
      throw damaged('its list names what cannot be');
    if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 0)
      throw damaged('its list cannot be read');
    names.add(name);
    return { name, bytes };
  });
}

/** @param file an open descriptor */
export const sourceOn = (file: number): Source => ({
  size: fstatSync(file).size,
  read(at, length) {
    const buffer = Buffer.alloc(length);
    for (let done = 0; done < length;) {
      const count = readSync(file, buffer, done, length - done, at + done);
      if (count === 0) throw damaged('it was cut off while it was read');
      done += count;
    }
    return buffer;
  },
});
