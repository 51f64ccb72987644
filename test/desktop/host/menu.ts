import { EventEmitter } from 'node:events';
import { app } from './app.ts';

export interface MenuTemplate {
  readonly label?: string;
  readonly type?: 'normal' | 'separator' | 'submenu' | 'checkbox' | 'radio';
  readonly role?: string;
  readonly id?: string;
  readonly enabled?: boolean;
  readonly visible?: boolean;
  readonly checked?: boolean;
  readonly toolTip?: string;
  readonly accelerator?: string;
  readonly submenu?: readonly MenuTemplate[] | Menu;
  readonly click?: (item: MenuItem, window: unknown, event: object) => void;
}

const roles: Readonly<Record<string, { readonly label: string; readonly click?: () => void }>> = {
  quit: {
    label: 'Quit',
    click: () => {
      app.quit();
    },
  },
  about: { label: 'About' },
  close: { label: 'Close' },
  copy: { label: 'Copy' },
  paste: { label: 'Paste' },
  selectall: { label: 'Select All' },
};

let lastCommand = 0;

export class MenuItem {
  readonly commandId = ++lastCommand;
  readonly type: string;
  readonly id: string | undefined;
  readonly submenu: Menu | undefined;
  label: string;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  menu: Menu | undefined;
  readonly #chosen: (item: MenuItem) => void;

  constructor(template: MenuTemplate) {
    const role = template.role === undefined ? undefined : roles[template.role.toLowerCase()];
    if (template.role !== undefined && role === undefined) {
      throw new Error(`electron stand-in: the menu role '${template.role}' is not among what this host does`);
    }
    this.type = template.type ?? (template.submenu === undefined ? 'normal' : 'submenu');
    this.id = template.id;
    this.label = template.label ?? role?.label ?? '';
    this.enabled = template.enabled ?? true;
    this.visible = template.visible ?? true;
    this.checked = template.checked ?? false;
    if (template.submenu !== undefined) {
      this.submenu = template.submenu instanceof Menu ? template.submenu : Menu.buildFromTemplate(template.submenu);
    }
    this.#chosen = (item) => {
      if (role === undefined) template.click?.(item, undefined, {});
      else role.click?.();
    };
  }

  /** What Electron does when a person chooses the entry: the mark changes first, then the application is told. */
  click(): void {
    if (!this.enabled) return;
    if (this.type === 'checkbox') this.checked = !this.checked;
    if (this.type === 'radio') for (const one of this.menu?.radiosAround(this) ?? []) one.checked = one === this;
    this.#chosen(this);
  }
}

export class Menu extends EventEmitter {
  static #ofApplication: Menu | null = null;
  readonly items: MenuItem[] = [];

  static buildFromTemplate(template: readonly (MenuTemplate | MenuItem)[]): Menu {
    const menu = new Menu();
    for (const one of template) menu.append(one instanceof MenuItem ? one : new MenuItem(one));
    return menu;
  }

  static setApplicationMenu(menu: Menu | null): void {
    Menu.#ofApplication = menu;
  }

  static getApplicationMenu(): Menu | null {
    return Menu.#ofApplication;
  }

  append(item: MenuItem): void {
    item.menu = this;
    this.items.push(item);
  }

  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found !== undefined && found !== null) return found;
    }
    return null;
  }

  /** The radio entries that stand together with this one. */
  radiosAround(item: MenuItem): readonly MenuItem[] {
    let first = this.items.indexOf(item);
    let last = first;
    while (this.items[first - 1]?.type === 'radio') first--;
    while (this.items[last + 1]?.type === 'radio') last++;
    return this.items.slice(first, last + 1);
  }
}
