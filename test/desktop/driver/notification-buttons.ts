import type { Desktop } from '../session/desktop.ts';
import type { Point } from '../session/screen.ts';
import type { Rectangle } from './mouse.ts';

/** xfce4-notifyd's buttons stand in one row at the bottom; this far above the edge there is button, but hardly text. */
const aboveEdge = 20;

/**
 * Where a button of a notification is. Its buttons are as wide as their texts and say nothing on the bus of where they are:
 * they are read from the screen, as what differs from the notification's background.
 */
export async function findButton(
  desktop: Desktop,
  { x, y, width, height }: Rectangle,
  labels: readonly string[],
  label: string,
): Promise<Point> {
  const row = y + height - aboveEdge;
  const args = ['-silent', '-window', 'root', '-crop', `${width}x1+${x}+${row}`, '-depth', '8', 'rgb:-'];
  const found = stretches(await desktop.processes.read('import', args, desktop.env));
  const button = found[labels.indexOf(label)];
  if (button === undefined || found.length !== labels.length) {
    throw new Error(`no button "${label}": ${found.length} on the screen, asked for were ${labels.join(', ')}`);
  }
  return { x: x + (button.from + button.to) / 2, y: row };
}

/** Stretches of at least 20 pixels that are not of the colour that the row begins with, behind its border. */
function stretches(rgb: Buffer): { readonly from: number; readonly to: number }[] {
  const at = (pixel: number): number => rgb.readUIntBE(pixel * 3, 3);
  const count = rgb.length / 3;
  const found: { from: number; to: number }[] = [];
  let from = -1;
  for (let pixel = 4; pixel < count - 4; pixel++) {
    const isBackground = at(pixel) === at(4);
    if (!isBackground && from < 0) from = pixel;
    if (isBackground && from >= 0) {
      if (pixel - from >= 20) found.push({ from, to: pixel });
      from = -1;
    }
  }
  return found;
}
