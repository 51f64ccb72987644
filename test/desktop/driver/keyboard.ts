import type { Desktop } from '../session/desktop.ts';
import { xdotool } from './mouse.ts';

/** Playwright's names of keys, where X calls them otherwise. */
const keysyms: Readonly<Record<string, string>> = {
  Enter: 'Return',
  Backspace: 'BackSpace',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  Shift: 'shift',
  Alt: 'alt',
  Control: 'ctrl',
  ' ': 'space',
  '?': 'question',
  '/': 'slash',
  '+': 'plus',
  '-': 'minus',
};

/** Presses a key of the desktop's keyboard: whoever has the focus gets it. @param key such as `Shift+Tab` or `+` */
export async function pressKey(desktop: Desktop, key: string): Promise<void> {
  const parts = key.length === 1 ? [key] : key.split('+');
  await xdotool(desktop, 'key', parts.map((part) => keysyms[part] ?? part).join('+'));
}
