import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Application } from '../driver/application.ts';
import { decodePng, type Pixels } from '../host/png.ts';
import { readPanel, screenWidth, type Point } from '../session/screen.ts';
import { until } from '../until.ts';
import type { TrayIcon } from '../../../src-main/desktop/tray-state.ts';

/** What antialiasing leaves: pixels that are less opaque take the panel's colour in. */
const OPAQUE = 255;
/** Of 255, by channel. */
const TOLERANCE = 2;

/**
 * Waits until the panel shows exactly this icon: every opaque pixel of its file, in its place.
 *
 * @returns the icon's middle
 */
export function findIcon({ desktop, subject }: Application, icon: TrayIcon, variant = 'dark'): Promise<Point> {
  const file = join(subject.folder, 'build', 'icons', 'tray', `${icon}-${variant}-22.png`);
  const drawn = decodePng(readFileSync(file));
  return until(`the icon "${icon}" in the panel`, async () => placeOf(drawn, await readPanel(desktop)));
}

function placeOf(icon: Pixels, panel: Buffer): Point | undefined {
  const pixels = opaquePixels(icon);
  const height = panel.length / 3 / screenWidth;
  for (let y = 0; y + icon.height <= height; y++) {
    // The tray is at the right end.
    for (let x = screenWidth - icon.width; x >= 0; x--) {
      if (pixels.every(({ at, colour }) => isNear(panel, (y * screenWidth + x + at) * 3, colour))) {
        return { x: x + icon.width / 2, y: y + icon.height / 2 };
      }
    }
  }
  return undefined;
}

interface OpaquePixel {
  /** From the icon's corner, in pixels of the screen. */
  readonly at: number;
  readonly colour: readonly [number, number, number];
}

function opaquePixels({ width, height, rgba }: Pixels): readonly OpaquePixel[] {
  const found: OpaquePixel[] = [];
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [red = 0, green = 0, blue = 0, alpha] = rgba.subarray(pixel * 4, pixel * 4 + 4);
    if (alpha !== OPAQUE) continue;
    found.push({ at: Math.floor(pixel / width) * screenWidth + (pixel % width), colour: [red, green, blue] });
  }
  return found;
}

const isNear = (panel: Buffer, at: number, colour: readonly number[]): boolean =>
  colour.every((value, channel) => Math.abs((panel[at + channel] ?? -99) - value) <= TOLERANCE);
