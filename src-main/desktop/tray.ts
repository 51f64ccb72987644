import { Menu, Tray as ElectronTray, type MenuItemConstructorOptions } from 'electron';

import { menuOf, type Command, type MenuEntry } from './menu.ts';
import { trayIconOf, tooltipOf, type TrayInput } from './tray-state.ts';
import type { DesktopWords } from './words/en.ts';

/** Panels drop icons that change faster than they draw. */
const THROTTLE_MS = 200;
/** "Last event 8 s ago" is to be true. */
const REFRESH_MS = 10_000;

export interface TrayOptions {
  readonly input: () => TrayInput;
  readonly words: DesktopWords;
  /** The file of an icon, by its name. */
  readonly iconFile: (icon: string) => string;
  readonly run: (command: Command) => void;
}

/** The icon in the panel and its menu, kept up to date. */
export class Tray {
  readonly #options: TrayOptions;
  #tray: ElectronTray | undefined;
  #shown = '';
  #drawn = '';
  #timer: NodeJS.Timeout | undefined;
  #clock: NodeJS.Timeout | undefined;

  constructor(options: TrayOptions) {
    this.#options = options;
  }

  /** To be called once a host was found: an icon made before that stays on the old protocol for good. */
  show(): void {
    if (this.#tray) return;
    const icon = this.#icon();
    this.#tray = new ElectronTray(icon);
    this.#drawn = icon;
    // "Activation", which on some panels is a double click, and on others never comes.
    this.#tray.on('click', () => {
      this.#options.run({ do: 'show', address: '#/alerts' });
    });
    this.#draw();
    this.#clock = setInterval(() => {
      this.changed();
    }, REFRESH_MS).unref();
  }

  /** What it is made from has changed: drawn soon, once for many changes. */
  changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#draw();
    }, THROTTLE_MS);
  }

  destroy(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#clock);
    this.#tray?.destroy();
    this.#tray = undefined;
  }

  #icon(): string {
    return this.#options.iconFile(trayIconOf(this.#options.input(), Date.now()));
  }

  #draw(): void {
    if (!this.#tray) return;
    const now = Date.now();
    const input = this.#options.input();
    const icon = this.#icon();
    if (icon !== this.#drawn) this.#tray.setImage(icon);
    this.#drawn = icon;
    const entries = menuOf(input, now, this.#options.words);
    const tooltip = tooltipOf(input, now, this.#options.words);
    // A menu that is set again closes under the pointer: only when something in it is different.
    const shown = JSON.stringify([entries, tooltip]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#tray.setToolTip(tooltip);
    this.#tray.setContextMenu(Menu.buildFromTemplate(entries.map((entry) => this.#item(entry))));
  }

  #item(entry: MenuEntry): MenuItemConstructorOptions {
    switch (entry.kind) {
      case 'separator':
        return { type: 'separator' };
      case 'text':
        return { label: entry.label.replaceAll('&', '&&'), enabled: false };
      case 'submenu':
        return { label: entry.label, submenu: entry.entries.map((one) => this.#item(one)) };
      case 'command':
        return {
          // An ampersand would underline the letter after it.
          label: entry.label.replaceAll('&', '&&'),
          click: () => {
            this.#options.run(entry.command);
          },
        };
    }
  }
}
