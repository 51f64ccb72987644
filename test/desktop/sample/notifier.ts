import { join } from 'node:path';
import { Notification } from 'electron';
import type { Alert } from './messages.ts';

/** One notification a cause, shown again with a count. */
export class Notifier {
  readonly #open: (id: number) => void;
  /** Also what keeps them alive: Electron forgets a notification whose object is collected. */
  readonly #shown = new Map<number, Notification>();

  constructor(open: (id: number) => void) {
    this.#open = open;
  }

  show(alert: Alert): void {
    const notification = this.#shown.get(alert.id) ?? this.#create(alert);
    this.#shown.set(alert.id, notification);
    notification.body = alert.count === 1 ? 'never seen before' : `${alert.count} times`;
    notification.show();
  }

  #create({ id, user }: Alert): Notification {
    const notification = new Notification({
      title: `${user}: unusual`,
      urgency: 'normal',
      icon: join(import.meta.dirname, 'icons', 'tray-alert.png'),
      actions: [{ type: 'button', text: 'Show' }],
    });
    notification.on('action', () => {
      this.#open(id);
    });
    notification.on('click', () => {
      this.#open(id);
    });
    return notification;
  }
}
