import { inflateSync } from 'node:zlib';

/** Pixels row by row, four bytes each: red, green, blue, alpha. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Buffer;
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}

/**
 * Decodes what tray icons are: PNG, 8 bits a channel, RGB or RGBA, not interlaced (PNG specification, RFC 2083).
 *
 * @throws Error for any other image
 */
export function decodePng(png: Buffer): Pixels {
  if (png.length < 8 || png.readUInt32BE(0) !== 0x89504e47)
    throw new Error('electron stand-in: only PNG images are read');
  let header: Header | undefined;
  const data: Buffer[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const chunk = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') header = readHeader(chunk);
    if (type === 'IDAT') data.push(chunk);
    at += 12 + length;
  }
  if (header === undefined) throw new Error('electron stand-in: a PNG without its header');
  return {
    width: header.width,
    height: header.height,
    rgba: toRgba(unfilter(inflateSync(Buffer.concat(data)), header), header),
  };
}

function readHeader(chunk: Buffer): Header {
  const [depth, colour, , , interlaced] = chunk.subarray(8);
  const channels = colour === 6 ? 4 : colour === 2 ? 3 : undefined;
  if (depth !== 8 || channels === undefined || interlaced !== 0) {
    throw new Error('electron stand-in: a PNG has to be RGB or RGBA with 8 bits, not interlaced');
  }
  return { width: chunk.readUInt32BE(0), height: chunk.readUInt32BE(4), channels };
}

/** Takes back what each row was filtered with: the differences to the pixel on the left, above, and both. */
function unfilter(raw: Buffer, { width, height, channels }: Header): Buffer {
  const stride = width * channels;
  const pixels = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]!;
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x >= channels ? pixels[at - channels]! : 0;
      const above = y > 0 ? pixels[at - stride]! : 0;
      const corner = x >= channels && y > 0 ? pixels[at - stride - channels]! : 0;
      pixels[at] = (raw[y * (stride + 1) + 1 + x]! + foretold(filter, left, above, corner)) & 255;
    }
  }
  return pixels;
}

function foretold(filter: number, left: number, above: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  if (filter !== 4) return 0;
  const estimate = left + above - corner;
  const [toLeft, toAbove, toCorner] = [left, above, corner].map((one) => Math.abs(estimate - one)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

function toRgba(pixels: Buffer, { width, height, channels }: Header): Buffer {
  if (channels === 4) return pixels;
  const rgba = Buffer.alloc(width * height * 4, 255);
  for (let pixel = 0; pixel < width * height; pixel++) pixels.copy(rgba, pixel * 4, pixel * 3, pixel * 3 + 3);
  return rgba;
}
