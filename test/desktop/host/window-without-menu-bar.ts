import { EventEmitter } from 'node:events';
import { trace } from './strict.ts';

/** Windows of Chromium in application mode have no menu bar: what is asked of it is noted, no more. */
export class WindowWithoutMenuBar extends EventEmitter {
  setMenu(): void {
    trace('setMenu: there is no menu bar');
  }

  removeMenu(): void {
    trace('removeMenu: there is no menu bar');
  }

  setMenuBarVisibility(): void {
    trace('setMenuBarVisibility: there is no menu bar');
  }
}
