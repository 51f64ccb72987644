import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../until.ts';
import type { Desktop } from './desktop.ts';
import { panelHeight } from './settings.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const screenWidth = 1280;
export const screenHeight = 800;

/** Takes a picture of the whole screen into the folder of UBAD_DESKTOP_PICTURES; without that variable, none. */
export async function takePicture(desktop: Desktop, name: string): Promise<void> {
  const folder = process.env.UBAD_DESKTOP_PICTURES;
  if (folder === undefined) return;
  const file = join(desktop.folder, 'tmp', `${name}.png`);
  await desktop.processes.run('import', ['-silent', '-window', 'root', file], desktop.env);
  mkdirSync(folder, { recursive: true });
  copyFileSync(file, join(folder, `${name}.png`));
}

/**
 * Waits until the panel shows at least 30 pixels of exactly this colour: proof that an icon is painted, and where.
 *
 * @param colour `#rrggbb`
 * @returns the middle of those pixels
 */
export function findInPanel(desktop: Desktop, colour: string): Promise<Point> {
  const wanted = Number.parseInt(colour.slice(1), 16);
  return until(`an icon of colour ${colour} in the panel`, async () => middleOf(await readPanel(desktop), wanted));
}

/** The panel's pixels: three bytes each, row by row, as wide as the screen. */
export function readPanel(desktop: Desktop): Promise<Buffer> {
  const crop = `${screenWidth}x${panelHeight}+0+0`;
  const args = ['-silent', '-window', 'root', '-crop', crop, '-depth', '8', 'rgb:-'];
  return desktop.processes.read('import', args, desktop.env);
}

function middleOf(rgb: Buffer, wanted: number): Point | undefined {
  let count = 0;
  let x = 0;
  let y = 0;
  for (let pixel = 0; pixel * 3 + 2 < rgb.length; pixel++) {
    if (rgb.readUIntBE(pixel * 3, 3) !== wanted) continue;
    count++;
    x += pixel % screenWidth;
    y += Math.floor(pixel / screenWidth);
  }
  return count < 30 ? undefined : { x: Math.round(x / count), y: Math.round(y / count) };
}
