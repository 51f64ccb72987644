import { Notification } from 'electron';

import type { Note, Order } from './notification-policy.ts';

/** A button's number is what the server gives back. */
const buttons = ['show', 'normal', 'snooze'] as const;
export type Pressed = (typeof buttons)[number] | 'click';

export interface NotificationOptions {
  readonly icon: string;
  readonly pressed: (pressed: Pressed, note: Note) => void;
}

/** Shows what the policy orders. */
export class Notifications {
  readonly #options: NotificationOptions;
  /** Held on to: of a notification that was collected, a click is lost. */
  readonly #shown = new Map<string, Notification>();
  /** Whether the server knows buttons: asked for once at the start, as Electron does. */
  buttons = false;

  constructor(options: NotificationOptions) {
    this.#options = options;
  }

  carryOut(orders: readonly Order[]): void {
    for (const order of orders) {
      if (order.do === 'show') this.#show(order.note);
      else this.#close(order.key);
    }
  }

  #show(note: Note): void {
    if (!Notification.isSupported()) return;
    this.#close(note.key);
    const { title, body, urgency, alert } = note;
    const notification = new Notification({
      ...{ title, body, urgency, icon: this.#options.icon },
      ...(alert && this.buttons && { actions: actionsFor(alert.user) }),
    });
    const press = (pressed: Pressed): void => {
      this.#close(note.key);
      this.#options.pressed(pressed, note);
    };
    notification.on('click', () => {
      press('click');
    });
    notification.on('action', ({ actionIndex }) => {
      const pressed = buttons[actionIndex];
      if (pressed) press(pressed);
    });
    notification.on('close', () => {
      if (this.#shown.get(note.key) === notification) this.#shown.delete(note.key);
    });
    this.#shown.set(note.key, notification);
    notification.show();
  }

  #close(key: string): void {
    const notification = this.#shown.get(key);
    this.#shown.delete(key);
    notification?.close();
  }
}

const actionsFor = (user: string): { type: 'button'; text: string }[] =>
  ['Show', `Normal for ${user}`, 'Snooze 1 h'].map((text) => ({ type: 'button', text }));
