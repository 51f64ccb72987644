import dbus from 'dbus-native';

/** Where a method or a property is on the bus. */
export interface Place {
  readonly service: string;
  readonly path: string;
  readonly interface: string;
}

export const notifications: Place = {
  service: 'org.freedesktop.Notifications',
  path: '/org/freedesktop/Notifications',
  interface: 'org.freedesktop.Notifications',
};

/** Knows every tray item; in Xfce the panel's systray plugin is both watcher and host. */
export const trayWatcher: Place = {
  service: 'org.kde.StatusNotifierWatcher',
  path: '/StatusNotifierWatcher',
  interface: 'org.kde.StatusNotifierWatcher',
};

const daemon: Place = {
  service: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
};

/** A connection to one session bus: calls with a time-out, plain values back. */
export class Bus {
  readonly raw: dbus.MessageBus;

  /** @param address as in DBUS_SESSION_BUS_ADDRESS; by default that variable's */
  constructor(address?: string) {
    this.raw = dbus.sessionBus(address === undefined ? {} : { busAddress: address });
    // The bus goes away when a desktop ends; calls that still run reject by themselves.
    this.raw.connection.on('error', () => undefined);
  }

  /** @throws DBusError when the callee says no, or after ten seconds */
  async call<T = unknown>(place: Place, member: string, signature = '', body: readonly unknown[] = []): Promise<T> {
    const where = { destination: place.service, path: place.path, interface: place.interface, member };
    return this.raw.invoke<T>(signature === '' ? where : { ...where, signature, body: [...body] }, { timeout: 10_000 });
  }

  get<T = unknown>(place: Place, property: string): Promise<T> {
    const properties = { ...place, interface: 'org.freedesktop.DBus.Properties' };
    return this.call<T>(properties, 'Get', 'ss', [place.interface, property]);
  }

  hasOwner(name: string): Promise<boolean> {
    return this.call<boolean>(daemon, 'NameHasOwner', 's', [name]);
  }

  /** Hears a signal from now on. */
  async listen(place: Place, signal: string, heard: (...values: never[]) => void): Promise<void> {
    const proxy = await this.raw.proxy(place.service, place.path);
    await proxy.$watch(signal, heard as (...values: unknown[]) => void);
  }

  /** Hears when a name gets an owner, for example when the panel comes back. */
  async onOwned(name: string, owned: () => void): Promise<void> {
    await this.listen(daemon, 'NameOwnerChanged', (changed: string, _before: string, owner: string) => {
      if (changed === name && owner !== '') owned();
    });
  }

  end(): void {
    this.raw.connection.end();
  }
}

/** A value with its D-Bus type, where the receiver wants a variant. */
export function variant(signature: string, value: unknown): dbus.Variant {
  return new dbus.Variant(signature, value);
}
