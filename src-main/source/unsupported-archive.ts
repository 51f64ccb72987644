const XZ = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
/** `BZh`, the size of a block as a digit, and then the magic number of a block or of the end. */
const BZIP2 = /^425a683[1-9](?:314159|177245)/;

/** Bytes at the start of a file that tell what it is packed with. */
export const MAGIC_BYTES = 8;

/** An archive of a kind that Node cannot unpack. The message names the command that does, and leaves the archive there. */
class UnsupportedArchive extends Error {
  constructor(packer: 'xz' | 'bzip2', path: string) {
    super(`is packed with ${packer}, which is not read here; to unpack it: ${packer} -dk ${quoted(path)}.`);
  }
}

/** @throws UnsupportedArchive when the first bytes are those of one */
export function refuseUnsupported(magic: Buffer, path: string): void {
  if (magic.subarray(0, XZ.length).equals(XZ)) throw new UnsupportedArchive('xz', path);
  if (BZIP2.test(magic.toString('hex'))) throw new UnsupportedArchive('bzip2', path);
}

/** For a shell, where the path is not plain. */
const quoted = (path: string): string => (/^[\w./+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);
