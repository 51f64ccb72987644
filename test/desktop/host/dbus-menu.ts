import dbus, { type DefinedInterface, type MessageBus } from 'dbus-native';
import { variant } from '../bus.ts';
import type { Menu, MenuItem } from './menu.ts';

type Properties = Readonly<Record<string, unknown>>;

const property = (type: string, value: unknown): { type: string; access: 'read'; get: () => unknown } => ({
  type,
  access: 'read',
  get: () => value,
});

/** A menu as com.canonical.dbusmenu shows it to the panel, which draws it and tells what was clicked. */
export class DbusMenu {
  readonly #interface: DefinedInterface;
  readonly #known = new Map<number, MenuItem>();
  #menu: Menu | null = null;
  #revision = 1;
  #exported = false;

  constructor() {
    this.#interface = this.#define();
  }

  async export(bus: MessageBus, path: string): Promise<void> {
    await bus.export(path, this.#interface);
    this.#exported = true;
  }

  show(menu: Menu | null): void {
    this.#menu = menu;
    this.#changed();
  }

  #changed(): void {
    this.#revision++;
    if (this.#exported) this.#interface.emit.LayoutUpdated?.(this.#revision, 0);
  }

  #define(): DefinedInterface {
    return dbus.defineInterface({
      name: 'com.canonical.dbusmenu',
      properties: {
        Version: property('u', 3),
        Status: property('s', 'normal'),
        TextDirection: property('s', 'ltr'),
        IconThemePath: property('as', []),
      },
      methods: {
        GetLayout: {
          in: { parent: 'i', depth: 'i', names: 'as' },
          out: { revision: 'u', layout: '(ia{sv}av)' },
          handler: ({ parent, depth }: { parent: number; depth: number }) => ({
            revision: this.#revision,
            layout: this.#layout(parent, depth),
          }),
        },
        GetGroupProperties: {
          in: { ids: 'ai', names: 'as' },
          out: { properties: 'a(ia{sv})' },
          handler: ({ ids }: { ids: number[] }) => this.#properties(ids),
        },
        GetProperty: {
          in: { id: 'i', name: 's' },
          out: { value: 'v' },
          handler: ({ id, name }: { id: number; name: string }) => {
            const item = this.#known.get(id);
            return (item && propertiesOf(item)[name]) ?? variant('s', '');
          },
        },
        Event: {
          in: { id: 'i', event: 's', data: 'v', timestamp: 'u' },
          handler: ({ id, event }: { id: number; event: string }) => {
            // Of a menu that has changed meanwhile: nothing is to be clicked that nobody meant.
            if (!this.#happened(id, event)) throw new Error(`there is no menu item ${id}`);
          },
        },
        EventGroup: {
          in: { events: 'a(isvu)' },
          out: { errors: 'ai' },
          handler: ({ events }: { events: [number, string][] }) => {
            return events.filter(([id, event]) => !this.#happened(id, event)).map(([id]) => id);
          },
        },
        AboutToShow: { in: { id: 'i' }, out: { needUpdate: 'b' }, handler: () => false },
        AboutToShowGroup: {
          in: { ids: 'ai' },
          out: { updates: 'ai', errors: 'ai' },
          handler: () => ({ updates: [], errors: [] }),
        },
      },
      signals: {
        LayoutUpdated: { args: { revision: 'u', parent: 'i' } },
        ItemsPropertiesUpdated: { args: { updated: 'a(ia{sv})', removed: 'a(ias)' } },
      },
    });
  }

  /** @returns false where there is no such item */
  #happened(id: number, event: string): boolean {
    const item = this.#known.get(id);
    if (event !== 'clicked') return true;
    if (!item) return false;
    // The panel waits for the answer: the application's work comes after it.
    setImmediate(() => {
      item.click();
      this.#changed();
    });
    return true;
  }

  #properties(ids: readonly number[]): unknown {
    const wanted = ids.length === 0 ? [...this.#known.keys()] : ids;
    return wanted.flatMap((id) => {
      const item = this.#known.get(id);
      return item === undefined ? [] : [[id, propertiesOf(item)]];
    });
  }

  #layout(parent: number, depth: number): unknown {
    if (parent !== 0) {
      const item = this.#known.get(parent);
      return this.#branch(parent, item === undefined ? {} : propertiesOf(item), item?.submenu ?? null, depth);
    }
    this.#known.clear();
    return this.#branch(0, { 'children-display': variant('s', 'submenu') }, this.#menu, depth);
  }

  #branch(id: number, properties: Properties, menu: Menu | null, depth: number): unknown[] {
    const items = depth === 0 || menu === null ? [] : menu.items;
    const children = items.map((item) => {
      this.#known.set(item.commandId, item);
      const branch = this.#branch(item.commandId, propertiesOf(item), item.submenu ?? null, depth - 1);
      return variant('(ia{sv}av)', branch);
    });
    return [id, properties, children];
  }
}

function propertiesOf(item: MenuItem): Properties {
  const visible = variant('b', item.visible);
  if (item.type === 'separator') return { type: variant('s', 'separator'), visible };
  // `&` marks the access key in Electron, `_` in dbusmenu.
  const label = item.label.replaceAll('_', '__').replaceAll(/&(?!&)/g, '_');
  const toggles = item.type === 'checkbox' || item.type === 'radio';
  return {
    label: variant('s', label),
    enabled: variant('b', item.enabled),
    visible,
    ...(toggles && {
      'toggle-type': variant('s', item.type === 'radio' ? 'radio' : 'checkmark'),
      'toggle-state': variant('i', item.checked ? 1 : 0),
    }),
    ...(item.submenu && { 'children-display': variant('s', 'submenu') }),
  };
}
