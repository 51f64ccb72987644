import { notificationServer, type NotificationServer } from '../host/session-bus.ts';

const LATER_MS = 10_000;

/** Asks who shows notifications until somebody does: at login it may start after us. @returns how to stop asking */
export function whenNotificationServer(
  found: (server: NotificationServer) => void,
  ask: () => Promise<NotificationServer | undefined> = notificationServer,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const look = async (): Promise<void> => {
    const server = await ask();
    if (stopped) return;
    if (server) found(server);
    else timer = setTimeout(() => void look(), LATER_MS);
  };
  void look();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** Not every server has them. */
export const hasButtons = ({ capabilities }: NotificationServer): boolean => capabilities.includes('actions');

/**
 * Electron gives every notification a default action that is called "View": what a click on it does. Xfce's server took no
 * such click before 0.8.2 and shows the action as one more button, which does what our "Show" would.
 */
export const showsView = ({ name, version }: NotificationServer): boolean =>
  name === 'Xfce Notify Daemon' && version.localeCompare('0.8.2', 'en', { numeric: true }) < 0;
