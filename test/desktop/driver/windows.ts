import type { Desktop } from '../session/desktop.ts';
import type { Point } from '../session/screen.ts';
import { until } from '../until.ts';
import { rectangleOf, xdotool, type Rectangle } from './mouse.ts';

/** The application's own windows, found by their title. */
export class Windows {
  readonly #desktop: Desktop;
  readonly #title: RegExp;

  constructor(desktop: Desktop, title: RegExp) {
    this.#desktop = desktop;
    this.#title = title;
  }

  async visible(): Promise<readonly string[]> {
    const found = await xdotool(this.#desktop, 'search', '--onlyvisible', '--name', this.#title.source);
    return found.split('\n').filter((window) => window !== '');
  }

  /** All of them, hidden ones too. */
  async all(): Promise<readonly string[]> {
    const found = await xdotool(this.#desktop, 'search', '--name', this.#title.source);
    return found.split('\n').filter((window) => window !== '');
  }

  /** A window takes as long as its browser takes to start: longer than anything else on a busy machine. */
  async waitFor(count: number, within = 15_000): Promise<void> {
    const see = async (): Promise<boolean> => {
      const found = (await this.visible()).length;
      if (found !== count) throw new Error(`there are ${found}`);
      return true;
    };
    await until(`${count} visible window(s) of the application`, see, count > 0 ? { within } : {});
  }

  /** Where the one visible window is, by its own corner. */
  async place(): Promise<Rectangle> {
    const [window = ''] = await this.visible();
    return rectangleOf(this.#desktop, window);
  }

  /** Where the inside of the one visible window is on the screen: xdotool counts what stands around it twice. */
  async inside(): Promise<Rectangle> {
    const [window = ''] = await this.visible();
    const text = await this.#desktop.processes.run('xwininfo', ['-id', window], this.#desktop.env);
    const number = (name: string): number => Number(new RegExp(`^ *${name}: +(-?\\d+)`, 'm').exec(text)?.[1]);
    const [x, y] = [number('Absolute upper-left X'), number('Absolute upper-left Y')];
    return { x, y, width: number('Width'), height: number('Height') };
  }

  async moveTo({ x, y }: Point): Promise<void> {
    const [window = ''] = await this.visible();
    await xdotool(this.#desktop, 'windowmove', '--sync', window, String(x), String(y));
  }

  /** What the window manager does when its title bar is double-clicked. */
  async maximize(): Promise<void> {
    const [window = ''] = await this.visible();
    const full = ['-i', '-r', window, '-b', 'add,maximized_vert,maximized_horz'];
    await this.#desktop.processes.run('wmctrl', full, this.#desktop.env);
  }

  /** What the window manager sends when its close button is pressed. */
  async close(): Promise<void> {
    const [window = ''] = await this.visible();
    await this.#desktop.processes.run('wmctrl', ['-i', '-c', window], this.#desktop.env);
  }
}
