import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';

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
  /** Gives the content of all entries, in their order. @throws BadBackup */
  unpack(sink: (entry: Entry, bytes: Buffer) => void): void;
}

/**
 * Opens a backup, of which no byte is believed before all of them are proven.
 * @throws BadBackup saying why it is none of ours, or not whole
 */
export function readArchive(source: Source, passphrase: string | undefined): Archive {
  const { header, body, opener } = proven(source, passphrase);
  const take = reader(body, opener());
  const index = take(take(4).readUInt32BE(), MOST_INDEX);
  const entries = entriesOf(index);
  const rest = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  if (rest !== body.size - 4 - index.length) throw damaged('its list does not fit what it holds');
  return {
    header,
    entries,
    unpack(sink) {
      for (const entry of entries) {
        if (entry.bytes === 0) sink(entry, Buffer.alloc(0));
        for (let left = entry.bytes; left > 0;) {
          const bytes = take(Math.min(left, CHUNK));
          sink(entry, bytes);
          left -= bytes.length;
        }
      }
    },
  };
}

const BEGINS = new RegExp(`^${MAGIC}(\\d{1,6})$`);

type Opener = (bytes: Buffer) => Buffer;

interface Proven {
  readonly header: Header;
  /** What is sealed, or covered by the checksum after the two lines. */
  readonly body: Source;
  readonly opener: () => Opener;
}

function proven(source: Source, passphrase: string | undefined): Proven {
  const { head, header, sealed } = headOf(source);
  const proofBytes = sealed ? length.tag : length.checksum;
  const size = source.size - head.length - proofBytes;
  if (size < 4) throw damaged('it ends too early');
  const body: Source = { size, read: (at, bytes) => source.read(head.length + at, bytes) };
  const proof = source.read(source.size - proofBytes, proofBytes);
  if (!sealed) {
    const sum = createHash('sha256').update(head);
    for (const bytes of piecesOf(body)) sum.update(bytes);
    if (!timingSafeEqual(sum.digest(), proof)) throw damaged('its checksum is another one');
    return { header, body, opener: () => (bytes) => bytes };
  }
  if (passphrase === undefined)
    throw new BadBackup('needs-passphrase', 'is encrypted. Name the file of its passphrase with --passphrase-file.');
  const key = keyOf(passphrase, sealed.salt);
  const decipher = () => createDecipheriv('aes-256-gcm', key, sealed.iv).setAAD(head).setAuthTag(proof);
  const whole = decipher();
  for (const bytes of piecesOf(body)) whole.update(bytes);
  try {
    whole.final();
  } catch {
    const why = 'cannot be opened: the passphrase is another one, or the file is damaged. Nothing was changed.';
    throw new BadBackup('not-opened', why);
  }
  const opener = (): Opener => {
    const again = decipher();
    return (bytes) => again.update(bytes);
  };
  return { header, body, opener };
}

function* piecesOf(source: Source): Generator<Buffer> {
  for (let at = 0; at < source.size; at += CHUNK) yield source.read(at, Math.min(CHUNK, source.size - at));
}

/** Takes the next so many bytes. */
function reader(body: Source, open: Opener): (size: number, most?: number) => Buffer {
  let at = 0;
  return (size, most = Infinity) => {
    if (size > most || size > body.size - at) throw damaged('it ends too early');
    const bytes = body.read(at, size);
    at += size;
    return open(bytes);
  };
}

interface Head {
  readonly head: Buffer;
  readonly header: Header;
  readonly sealed: { readonly salt: Buffer; readonly iv: Buffer } | undefined;
}

function headOf(source: Source): Head {
  const start = source.read(0, Math.min(MOST_LINE, source.size));
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
  return { head: start.subarray(0, second + 1), header, sealed: sealed === null ? undefined : sealOf(sealed) };
}

function sealOf(sealed: unknown): Head['sealed'] {
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
