import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { BrowserWindow } from './browser-window.ts';

/** For `app.quit`: closes one window after the other; false when one of them stays. */
export async function closeWindows(): Promise<boolean> {
  for (const window of BrowserWindow.getAllWindows()) {
    const gone = once(window, 'closed');
    window.close();
    if (!window.isClosing()) return false;
    const closed = await Promise.race([gone.then(() => true), sleep(3_000, false)]);
    if (!closed) return false;
  }
  return true;
}
