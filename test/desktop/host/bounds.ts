import { spawnSync } from 'node:child_process';
import type { ChromiumWindow } from './chromium.ts';

/** Pixels; where x and y are not said, the window manager chooses. */
export interface Bounds {
  x?: number;
  y?: number;
  width: number;
  height: number;
}

type ChromiumBounds = Parameters<typeof setBounds>[1];

/** Moves, sizes, minimizes or maximizes a window. */
export async function setBounds(
  { cdp, targetId }: ChromiumWindow,
  bounds: {
    left?: number;
    top?: number;
    width?: number;
    height?: number;
    windowState?: 'normal' | 'minimized' | 'maximized';
  },
): Promise<void> {
  const { windowId } = await cdp.send('Browser.getWindowForTarget', { targetId });
  await cdp.send('Browser.setWindowBounds', { windowId, bounds });
}

export function inChromiumsWords({ x, y, width, height }: Bounds): ChromiumBounds {
  return { ...(x !== undefined && { left: x }), ...(y !== undefined && { top: y }), width, height };
}

/** Where the person has put a window. Waits for the answer, as Electron's own does. @param frame X11's number */
export function boundsOf(frame: string): Partial<Bounds> {
  const { stdout } = spawnSync('xdotool', ['getwindowgeometry', '--shell', frame], { encoding: 'utf8' });
  const found = [...stdout.matchAll(/^(X|Y|WIDTH|HEIGHT)=(-?\d+)$/gm)];
  return Object.fromEntries(found.map(([, name = '', value]) => [name.toLowerCase(), Number(value)]));
}

/** Whether the window manager has it fill its screen. Waits for the answer, as Electron's own does. */
export function isMaximized(frame: string): boolean {
  const { stdout } = spawnSync('xprop', ['-id', frame, '_NET_WM_STATE'], { encoding: 'utf8' });
  return stdout.includes('_NET_WM_STATE_MAXIMIZED_VERT') && stdout.includes('_NET_WM_STATE_MAXIMIZED_HORZ');
}
