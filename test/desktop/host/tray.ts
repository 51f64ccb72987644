import { EventEmitter } from 'node:events';
import type { DefinedInterface } from 'dbus-native';
import { trayWatcher } from '../bus.ts';
import { app } from './app.ts';
import { sessionBus } from './bus.ts';
import { DbusMenu } from './dbus-menu.ts';
import { demandReady, lifecycle } from './lifecycle.ts';
import type { Menu } from './menu.ts';
import { toImage, type NativeImage } from './native-image.ts';
import { statusNotifierItem } from './status-notifier-item.ts';
import { trace } from './strict.ts';

const trays = new Set<Tray>();
let count = 0;
let watchesPanel: Promise<void> | undefined;

/**
 * A tray icon as Electron 45 puts it on the bus (Chromium's status_icon_linux_dbus.cc): the name
 * `org.freedesktop.StatusNotifierItem-<pid>-<n>`, the object /StatusNotifierItem, its menu, and the icon as pixels.
 */
export class Tray extends EventEmitter {
  readonly #number = ++count;
  readonly #menu = new DbusMenu();
  readonly #started: Promise<void>;
  readonly #items: readonly DefinedInterface[];
  #image: NativeImage;
  #toolTip = '';
  #exported = false;
  #destroyed = false;

  constructor(image: NativeImage | string) {
    super();
    demandReady('Tray');
    this.#image = demandImage(image);
    const views = {
      id: `${app.name}_status_icon_${this.#number}`,
      menuPath: this.#menuPath,
      image: () => this.#image,
      toolTip: () => this.#toolTip,
      clicked: () => void this.emit('click', {}, { x: 0, y: 0, width: 0, height: 0 }, { x: 0, y: 0 }),
    };
    // Both names are in use: KDE's came first, freedesktop's is the standard's.
    this.#items = ['org.kde', 'org.freedesktop'].map((owner) =>
      statusNotifierItem(`${owner}.StatusNotifierItem`, views),
    );
    trays.add(this);
    this.#started = this.#start();
  }

  get #name(): string {
    return `org.freedesktop.StatusNotifierItem-${process.pid}-${this.#number}`;
  }

  get #menuPath(): string {
    return `/org/chromium/DbusMenu/${this.#number}`;
  }

  setImage(image: NativeImage | string): void {
    this.#image = demandImage(image);
    this.#tell('NewIcon');
  }

  setToolTip(toolTip: string): void {
    this.#toolTip = toolTip;
    this.#tell('NewToolTip');
  }

  setContextMenu(menu: Menu | null): void {
    this.#menu.show(menu);
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    trays.delete(this);
    void this.#started.then(() => sessionBus().raw.releaseName(this.#name)).catch(() => undefined);
  }

  /** Tells the panel of this icon, also again after the panel came back. */
  async register(): Promise<void> {
    await sessionBus()
      .call(trayWatcher, 'RegisterStatusNotifierItem', 's', [this.#name])
      .catch((error: unknown) => {
        trace('the tray was not registered', error);
      });
  }

  /** What the panel has not been told of yet, it reads anyway. */
  #tell(signal: 'NewIcon' | 'NewToolTip'): void {
    if (this.#exported) for (const item of this.#items) item.emit[signal]?.();
  }

  async #start(): Promise<void> {
    const bus = sessionBus();
    const isHosted =
      (await bus.hasOwner(trayWatcher.service)) && (await bus.get(trayWatcher, 'IsStatusNotifierHostRegistered'));
    if (isHosted !== true) {
      console.error('electron stand-in: there is no tray now; Electron would use the old XEmbed protocol from here on');
      return;
    }
    for (const item of this.#items) await bus.raw.export('/StatusNotifierItem', item);
    await this.#menu.export(bus.raw, this.#menuPath);
    this.#exported = true;
    await bus.raw.requestName(this.#name, 4);
    await this.register();
    watchesPanel ??= bus.onOwned(trayWatcher.service, () => {
      for (const tray of trays) void tray.register();
    });
    await watchesPanel;
  }
}

function demandImage(image: NativeImage | string): NativeImage {
  const read = toImage(image);
  if (read.isEmpty()) throw new Error(`Failed to load image from path '${typeof image === 'string' ? image : ''}'`);
  return read;
}

lifecycle.atExit.push(() => {
  for (const tray of trays) tray.destroy();
});
