import type { Desktop } from '../session/desktop.ts';
import type { Point } from '../session/screen.ts';
import { until } from '../until.ts';

export interface Rectangle extends Point {
  readonly width: number;
  readonly height: number;
}

/** xdotool; its "nothing found" is an empty answer. */
export async function xdotool(desktop: Desktop, ...args: readonly string[]): Promise<string> {
  try {
    return await desktop.processes.run('xdotool', args, desktop.env);
  } catch (error) {
    if (args[0] === 'search') return '';
    throw error;
  }
}

/** @param button 1 left, 3 right */
export async function click(desktop: Desktop, { x, y }: Point, button: 1 | 3 = 1): Promise<void> {
  // GTK ignores a press that comes together with the pointer.
  const press = ['sleep', '0.1', 'click', String(button)];
  await xdotool(desktop, 'mousemove', String(Math.round(x)), String(Math.round(y)), ...press);
}

export async function rectangleOf(desktop: Desktop, window: string): Promise<Rectangle> {
  const text = await xdotool(desktop, 'getwindowgeometry', '--shell', window);
  const number = (name: string): number => Number(new RegExp(`^${name}=(-?\\d+)`, 'm').exec(text)?.[1]);
  return { x: number('X'), y: number('Y'), width: number('WIDTH'), height: number('HEIGHT') };
}

/** Windows right under the root: menus and notifications are among them. */
export async function topWindows(desktop: Desktop): Promise<readonly string[]> {
  const found = await xdotool(desktop, 'search', '--onlyvisible', '--maxdepth', '1', '--class', '.*');
  return found.split('\n').filter((window) => window !== '');
}

/** Waits for a window that was not there before and stays where it is. */
export function newWindow(
  desktop: Desktop,
  before: readonly string[],
  what: string,
  atLeast: { readonly width: number; readonly height: number },
): Promise<Rectangle> {
  let last = '';
  return until(what, async () => {
    for (const window of await topWindows(desktop)) {
      if (before.includes(window)) continue;
      const rectangle = await rectangleOf(desktop, window);
      if (rectangle.width < atLeast.width || rectangle.height < atLeast.height) continue;
      const now = JSON.stringify(rectangle);
      if (now === last) return rectangle;
      last = now;
    }
    return undefined;
  });
}
