import { Notification } from 'electron';

import type { NotificationServer } from '../host/session-bus.ts';
import type { NotificationContent, Order } from './notification-policy.ts';
import { hasButtons, showsView } from './notification-server.ts';
import { plain } from './plain.ts';
import type { DesktopWords } from './words/en.ts';

/** `click` is the server's own way to open a notification. */
export type Pressed = 'show' | 'normal' | 'snooze' | 'lock' | 'click';

export interface NotificationOptions {
  readonly icon: string;
  readonly words: DesktopWords;
  readonly pressed: (pressed: Pressed, content: NotificationContent) => void;
}

/** Shows what the policy orders. */
export class Notifications {
  readonly #options: NotificationOptions;
  /** Held on to: of a notification that was collected, a click is lost. */
  readonly #shown = new Map<string, Notification>();
  /** Who shows them, once that is known: asked for once, as Electron does. */
  server: NotificationServer | undefined;

  constructor(options: NotificationOptions) {
    this.#options = options;
  }

  get buttons(): boolean {
    return this.server !== undefined && hasButtons(this.server);
  }

  carryOut(orders: readonly Order[]): void {
    for (const order of orders) {
      if (order.do === 'show') this.#show(order.content);
      else this.#close(order.key);
    }
  }

  #show(content: NotificationContent): void {
    if (!Notification.isSupported()) return;
    this.#close(content.key);
    const { title, body, urgency, alert } = content;
    const buttons =
      alert && this.server ? buttonsFor(alert, urgency === 'critical', this.server, this.#options.words) : [];
    const notification = new Notification({
      title,
      body,
      urgency,
      icon: this.#options.icon,
      actions: buttons.map(({ text }) => ({ type: 'button', text })),
    });
    const press = (pressed: Pressed): void => {
      this.#close(content.key);
      this.#options.pressed(pressed, content);
    };
    notification.on('click', () => {
      press('click');
    });
    notification.on('action', ({ actionIndex }) => {
      const button = buttons[actionIndex];
      if (button) press(button.pressed);
    });
    notification.on('close', () => {
      if (this.#shown.get(content.key) === notification) this.#shown.delete(content.key);
    });
    this.#shown.set(content.key, notification);
    notification.show();
  }

  #close(key: string): void {
    const notification = this.#shown.get(key);
    this.#shown.delete(key);
    notification?.close();
  }
}

/** In the server's order: what it gives back is a button's number. Of a critical one, none that would keep it silent. One of all that are seen opens the alert. */
function buttonsFor(
  { user, here }: NonNullable<NotificationContent['alert']>,
  isCritical: boolean,
  server: NotificationServer,
  words: DesktopWords,
): { pressed: Pressed; text: string }[] {
  if (!hasButtons(server)) return [];
  return [
    ...(showsView(server) ? [] : [{ pressed: 'show', text: words.show } as const]),
    ...(isCritical && here ? [{ pressed: 'lock', text: words.lock } as const] : []),
    { pressed: 'normal', text: `${words.normalFor(plain(user))}${isCritical ? '…' : ''}` },
    ...(isCritical ? [] : [{ pressed: 'snooze', text: words.snooze } as const]),
  ];
}
