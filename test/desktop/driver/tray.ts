import { trayWatcher, variant, type Place } from '../bus.ts';
import type { Desktop } from '../session/desktop.ts';
import { findInPanel, type Point } from '../session/screen.ts';
import { Hopeless, until } from '../until.ts';
import { click, newWindow, topWindows } from './mouse.ts';

export interface MenuEntry {
  readonly id: number;
  readonly label: string;
  readonly enabled: boolean;
  readonly checked: boolean;
  readonly isSeparator: boolean;
  readonly entries: readonly MenuEntry[];
}

interface EntryProperties {
  readonly label?: string;
  readonly enabled?: boolean;
  readonly type?: string;
  readonly 'toggle-state'?: number;
}
type Layout = [id: number, properties: EntryProperties, children: readonly Layout[]];

function entryOf([id, properties, children]: Layout): MenuEntry {
  return {
    id,
    label: properties.label ?? '',
    enabled: properties.enabled !== false,
    checked: properties['toggle-state'] === 1,
    isSeparator: properties.type === 'separator',
    entries: children.map(entryOf),
  };
}

/** The tray icon as the panel knows it and as the person sees it. */
export class TrayDriver {
  readonly #desktop: Desktop;

  constructor(desktop: Desktop) {
    this.#desktop = desktop;
  }

  /** The names of all items in the tray. */
  items(): Promise<readonly string[]> {
    return this.#desktop.bus.get<readonly string[]>(trayWatcher, 'RegisteredStatusNotifierItems');
  }

  async property<T>(name: string): Promise<T> {
    return this.#desktop.bus.get<T>(await this.#item(), name);
  }

  async toolTip(): Promise<string> {
    const [, , title, text] = await this.property<[string, unknown, string, string]>('ToolTip');
    return `${title}${text}`;
  }

  /** @param within milliseconds, where it takes longer than anything else */
  waitForToolTip(pattern: RegExp, within?: number): Promise<boolean> {
    return until(
      `the tray to say ${String(pattern)}`,
      async () => {
        const says = await this.toolTip();
        if (!pattern.test(says)) throw new Error(`it says "${says}"`);
        return true;
      },
      within === undefined ? {} : { within },
    );
  }

  /** Where the icon is painted. */
  find(colour: string): Promise<Point> {
    return findInPanel(this.#desktop, colour);
  }

  /** What the panel sends for a click on the icon. */
  async activate(): Promise<void> {
    await this.#desktop.bus.call(await this.#item(), 'Activate', 'ii', [0, 0]);
  }

  /** Its entries, each with those of the menu that it opens. */
  async menu(): Promise<readonly MenuEntry[]> {
    const [, [, , children]] = await this.#desktop.bus.call<[number, Layout]>(await this.#menu(), 'GetLayout', 'iias', [
      ...[0, -1],
      [],
    ]);
    return children.map(entryOf);
  }

  /** The labels, without separators. */
  async labels(): Promise<readonly string[]> {
    return (await this.menu()).filter((entry) => !entry.isSeparator).map((entry) => entry.label);
  }

  /** Chooses an entry as the panel would, of the menu or of one that it opens; again where the menu has changed meanwhile. */
  async choose(label: RegExp): Promise<void> {
    await until(`an entry ${String(label)} that stays`, async () => {
      await this.#chooseOnce(label);
      return true;
    });
  }

  async #chooseOnce(label: RegExp): Promise<void> {
    const entries = (await this.#steadyMenu()).flatMap((entry) => [entry, ...entry.entries]);
    const entry = entries.find((one) => label.test(one.label));
    if (entry === undefined) {
      throw new Hopeless(`no entry ${String(label)} in the menu: ${entries.map((one) => one.label).join(' · ')}`);
    }
    await this.#desktop.bus.call(await this.#menu(), 'Event', 'isvu', [entry.id, 'clicked', variant('s', ''), 0]);
  }

  /** Opens the menu by mouse; gives its top left corner. */
  async openMenu(colour: string): Promise<Point> {
    return this.openMenuAt(await this.find(colour));
  }

  /** The same, where it is known where the icon is. */
  async openMenuAt(at: Point): Promise<Point> {
    const before = await topWindows(this.#desktop);
    await click(this.#desktop, at, 3);
    const menu = await newWindow(this.#desktop, before, 'the menu of the tray icon', { width: 100, height: 80 });
    return { x: menu.x, y: menu.y };
  }

  /** An entry's number is another one's after the menu has changed: chosen is from one that stays. */
  #steadyMenu(): Promise<readonly MenuEntry[]> {
    let last = '';
    return until(
      'the menu to stay the same',
      async () => {
        const entries = await this.menu();
        const now = JSON.stringify(entries);
        const isSteady = now === last;
        last = now;
        return isSteady ? entries : undefined;
      },
      { every: 150 },
    );
  }

  async #item(): Promise<Place> {
    const found = await until('an item in the tray', async () => (await this.items())[0]);
    const [service = ''] = found.split('/');
    return { service, path: '/StatusNotifierItem', interface: 'org.kde.StatusNotifierItem' };
  }

  async #menu(): Promise<Place> {
    const path = await this.property<string>('Menu');
    return { service: (await this.#item()).service, path, interface: 'com.canonical.dbusmenu' };
  }
}
