import { readFileSync } from 'node:fs';
import { decodePng, type Pixels } from './png.ts';

const nothing: Pixels = { width: 0, height: 0, rgba: Buffer.alloc(0) };

export class NativeImage {
  readonly pixels: Pixels;
  readonly #png: Buffer;

  constructor(png: Buffer = Buffer.alloc(0)) {
    this.#png = png;
    this.pixels = png.length === 0 ? nothing : decodePng(png);
  }

  isEmpty(): boolean {
    return this.pixels.width === 0;
  }

  getSize(): { width: number; height: number } {
    return { width: this.pixels.width, height: this.pixels.height };
  }

  toPNG(): Buffer {
    return this.#png;
  }

  toDataURL(): string {
    return `data:image/png;base64,${this.#png.toString('base64')}`;
  }
}

export const nativeImage = {
  createEmpty: (): NativeImage => new NativeImage(),
  /** As Electron: a file that is not there gives an empty image, no error. */
  createFromPath: (path: string): NativeImage => {
    try {
      return new NativeImage(readFileSync(path));
    } catch {
      return new NativeImage();
    }
  },
  createFromBuffer: (png: Buffer): NativeImage => new NativeImage(png),
  createFromDataURL: (url: string): NativeImage => new NativeImage(Buffer.from(url.split(',')[1] ?? '', 'base64')),
};

export function toImage(image: NativeImage | string): NativeImage {
  return typeof image === 'string' ? nativeImage.createFromPath(image) : image;
}

/** Pixels as StatusNotifierItem wants them: alpha first. */
export function toArgb({ pixels }: NativeImage): Buffer {
  const argb = Buffer.alloc(pixels.rgba.length);
  for (let at = 0; at < argb.length; at += 4) {
    argb[at] = pixels.rgba[at + 3]!;
    pixels.rgba.copy(argb, at + 1, at, at + 3);
  }
  return argb;
}
