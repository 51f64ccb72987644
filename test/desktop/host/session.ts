import { EventEmitter } from 'node:events';
import type { Cdp } from '../cdp.ts';
import { protocol } from './protocol.ts';

type RequestHandler = (
  contents: object,
  permission: string,
  answer: (granted: boolean) => void,
  details: object,
) => void;
type CheckHandler = (contents: object | null, permission: string, origin: string, details: object) => boolean;

/** Electron's names of some permissions, and Chromium's. */
const permissions: Readonly<Record<string, string>> = {
  geolocation: 'geolocation',
  notifications: 'notifications',
  media: 'camera',
  midi: 'midi',
  'clipboard-read': 'clipboard-read',
};

class Session extends EventEmitter {
  readonly protocol = protocol;
  #request: RequestHandler | null = null;
  #check: CheckHandler | null = null;

  setPermissionRequestHandler(handler: RequestHandler | null): void {
    this.#request = handler;
  }

  setPermissionCheckHandler(handler: CheckHandler | null): void {
    this.#check = handler;
  }

  /** What the handlers say: without one everything is granted, as in Electron. */
  async grants(contents: object, permission: string): Promise<boolean> {
    if (this.#check !== null && !this.#check(contents, permission, '', {})) return false;
    const request = this.#request;
    if (request === null) return true;
    return new Promise((resolve) => {
      request(contents, permission, resolve, {});
    });
  }

  clearCache(): Promise<void> {
    return Promise.resolve();
  }

  clearStorageData(): Promise<void> {
    return Promise.resolve();
  }
}

const defaultSession = new Session();
export const session = { defaultSession };

/** Tells Chromium what the application's handlers grant. */
export async function applyPermissions(contents: object, cdp: Cdp): Promise<void> {
  for (const [electronName, chromiumName] of Object.entries(permissions)) {
    const setting = (await defaultSession.grants(contents, electronName)) ? 'granted' : 'denied';
    await cdp.send('Browser.setPermission', { permission: { name: chromiumName }, setting });
  }
}
