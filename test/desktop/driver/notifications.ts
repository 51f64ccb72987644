import { notifications as place, Bus } from '../bus.ts';
import type { Desktop } from '../session/desktop.ts';
import { until } from '../until.ts';
import { click, rectangleOf, xdotool, type Rectangle } from './mouse.ts';
import { findButton } from './notification-buttons.ts';

export interface ShownNotification {
  readonly id: number;
  readonly application: string;
  readonly title: string;
  readonly body: string;
  /** The buttons' labels, in order; "View" is the default action's. */
  readonly buttons: readonly string[];
  /** 0 low, 1 normal, 2 critical. */
  readonly urgency: number;
  /** When it was asked for, as `performance.now()` counts. */
  readonly at: number;
}

type NotifyArguments = [string, number, string, string, string, readonly string[], Readonly<Record<string, unknown>>];

const methodCall = 1;
const methodReturn = 2;

/** Hears on the bus, as a monitor, every notification that is asked for and every one that goes. */
export class Notifications {
  /** All so far, the closed ones too. */
  readonly shown: ShownNotification[] = [];
  readonly #closed = new Set<number>();
  /** How often a button was pressed. */
  #pressed = 0;
  readonly #asked = new Map<string, Omit<ShownNotification, 'id'>>();
  readonly #desktop: Desktop;
  readonly #bus: Bus;

  private constructor(desktop: Desktop) {
    this.#desktop = desktop;
    this.#bus = new Bus(desktop.env.DBUS_SESSION_BUS_ADDRESS);
  }

  static async watch(desktop: Desktop): Promise<Notifications> {
    const watching = new Notifications(desktop);
    await watching.#start();
    return watching;
  }

  /** Those that have not been closed, by the person, the application or time. */
  open(): readonly ShownNotification[] {
    return this.shown.filter(({ id }) => !this.#closed.has(id));
  }

  /** The first that is open and whose title matches. */
  waitFor(title: RegExp, body = /(?:)/): Promise<ShownNotification> {
    return until(`a notification ${String(title)} ${String(body)}`, () =>
      this.open().find((one) => title.test(one.title) && body.test(one.body)),
    );
  }

  /** Waits until this many stand on the screen: what the bus says is gone may still be painted. */
  async waitForOnScreen(count: number): Promise<void> {
    await until(`${count} notification(s) on the screen`, async () => {
      const found = (await this.#windows()).length;
      if (found !== count) throw new Error(`there are ${found}`);
      return true;
    });
  }

  /** Presses a button of the one notification on the screen, by mouse, and waits until the desktop says so. */
  async press(button: string): Promise<void> {
    const [notification] = this.open();
    const rectangle = await this.#find();
    const at = await findButton(this.#desktop, rectangle, notification?.buttons ?? [], button);
    const before = this.#pressed;
    await click(this.#desktop, at);
    await until(`the button "${button}" to be pressed`, () => this.#pressed > before);
    await xdotool(this.#desktop, 'mousemove', '640', '780'); // a notification under the pointer does not expire
  }

  /** Dismisses what is on the screen by clicks, for a sender that has ended may not have learned its number. */
  async dismissAll(): Promise<void> {
    await until('the screen to be free of notifications', async () => {
      const windows = await this.#windows();
      for (const window of windows) {
        const { x, y } = await rectangleOf(this.#desktop, window);
        await click(this.#desktop, { x: x + 8, y: y + 8 });
      }
      return windows.length === 0;
    });
  }

  stop(): void {
    this.#bus.end();
  }

  /** The window of xfce4-notifyd, once it stands still. */
  #find(): Promise<Rectangle> {
    let last = '';
    return until('the notification on the screen', async () => {
      const window = (await this.#windows()).at(-1);
      if (window === undefined) return undefined;
      const rectangle = await rectangleOf(this.#desktop, window);
      const now = `${window} ${JSON.stringify(rectangle)}`;
      const still = now === last;
      last = now;
      return still ? rectangle : undefined;
    });
  }

  async #windows(): Promise<readonly string[]> {
    const found = await xdotool(this.#desktop, 'search', '--onlyvisible', '--class', 'xfce4-notifyd');
    return found.split('\n').filter((window) => window !== '');
  }

  async #start(): Promise<void> {
    const { raw } = this.#bus;
    raw.connection.setValueShapes({ variants: 'plain' });
    const rules = [`interface='${place.interface}'`, "type='method_return'"];
    const monitoring = {
      service: 'org.freedesktop.DBus',
      path: '/org/freedesktop/DBus',
      interface: 'org.freedesktop.DBus.Monitoring',
    };
    await this.#bus.call(monitoring, 'BecomeMonitor', 'asu', [rules, 0]);
    raw.connection.on('message', ({ type, member, sender, serial, destination, replySerial, body }) => {
      if (type === methodCall && member === 'Notify') {
        this.#asked.set(`${sender ?? ''} ${serial ?? 0}`, readNotify(body as NotifyArguments));
      } else if (type === methodReturn) {
        const asked = this.#asked.get(`${destination ?? ''} ${replySerial ?? 0}`);
        if (asked !== undefined) this.shown.push({ ...asked, id: body?.[0] as number });
      } else if (member === 'NotificationClosed') {
        this.#closed.add(body?.[0] as number);
      } else if (member === 'ActionInvoked') {
        this.#pressed++;
      }
    });
  }
}

function readNotify([application, , , title, body, actions, hints]: NotifyArguments): Omit<ShownNotification, 'id'> {
  const buttons = actions.filter((_, index) => index % 2 === 1);
  return { application, title, body, buttons, urgency: Number(hints.urgency ?? 1), at: performance.now() };
}
