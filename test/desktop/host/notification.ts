import { EventEmitter } from 'node:events';
import { notifications as place, variant } from '../bus.ts';
import { app } from './app.ts';
import { sessionBus } from './bus.ts';
import { demandReady } from './lifecycle.ts';
import { toImage, type NativeImage } from './native-image.ts';
import { trace } from './strict.ts';

interface NotificationOptions {
  readonly title?: string;
  readonly body?: string;
  readonly icon?: NativeImage | string;
  readonly silent?: boolean;
  readonly urgency?: 'low' | 'normal' | 'critical';
  readonly timeoutType?: 'default' | 'never';
  readonly actions?: readonly { readonly type: 'button'; readonly text?: string }[];
}

const urgencies = { low: 0, normal: 1, critical: 2 };
const closedBy: Readonly<Record<number, string>> = { 1: 'timedOut', 2: 'userCanceled', 3: 'applicationHidden' };

/**
 * Weak on purpose: Electron forgets a notification whose object is collected, and its click with it. The host runs with
 * --expose-gc and collects before each signal, so that a reference that nobody keeps fails a test instead of a person.
 */
const shown = new Map<number, WeakRef<Notification>>();
let listening: Promise<void> | undefined;
/** Asked once: Electron also keeps what the daemon can do for as long as it lives. */
let capabilities: Promise<readonly string[]> | undefined;

export class Notification extends EventEmitter {
  title: string;
  body: string;
  readonly silent: boolean;
  readonly urgency: 'low' | 'normal' | 'critical';
  readonly timeoutType: 'default' | 'never';
  readonly actions: readonly { readonly type: 'button'; readonly text?: string }[];
  readonly #icon: NativeImage | undefined;
  #id = 0;
  #showing: Promise<void> = Promise.resolve();

  constructor(options: NotificationOptions = {}) {
    super();
    demandReady('Notification');
    this.title = options.title ?? '';
    this.body = options.body ?? '';
    this.silent = options.silent ?? false;
    this.urgency = options.urgency ?? 'normal';
    this.timeoutType = options.timeoutType ?? 'default';
    this.actions = options.actions ?? [];
    this.#icon = options.icon === undefined ? undefined : toImage(options.icon);
  }

  static isSupported(): boolean {
    return true;
  }

  /** Shown a second time, it goes and comes again with what its title and body are by then. */
  show(): void {
    this.#showing = this.#showing
      .then(() => this.#show())
      .catch((error: unknown) => {
        trace('notification', error);
        this.emit('failed', {}, String(error));
      });
  }

  close(): void {
    this.#showing = this.#showing.then(() => this.#dismiss());
  }

  async #show(): Promise<void> {
    await (listening ??= listen());
    await this.#dismiss();
    this.#id = await sessionBus().call<number>(place, 'Notify', 'susssasa{sv}i', [
      ...[app.name, 0, '', this.title, this.body],
      await this.#buttons(),
      this.#hints(),
      this.timeoutType === 'never' ? 0 : -1,
    ]);
    shown.set(this.#id, new WeakRef(this));
    this.emit('show', {});
  }

  async #dismiss(): Promise<void> {
    const id = this.#id;
    if (id === 0) return;
    this.#id = 0;
    // A daemon refuses when the notification has gone by itself meanwhile.
    await sessionBus()
      .call(place, 'CloseNotification', 'u', [id])
      .catch(() => undefined);
  }

  async #buttons(): Promise<readonly string[]> {
    capabilities ??= sessionBus().call<readonly string[]>(place, 'GetCapabilities');
    if (!(await capabilities).includes('actions')) return [];
    return ['default', 'View', ...this.actions.flatMap(({ text }, index) => [`action_${index}`, text ?? ''])];
  }

  #hints(): Record<string, unknown> {
    const hints: Record<string, unknown> = {
      urgency: variant('y', urgencies[this.urgency]),
      'sender-pid': variant('x', process.pid),
      'desktop-entry': variant('s', app.name),
    };
    if (this.#icon !== undefined && !this.#icon.isEmpty()) {
      const { width, height, rgba } = this.#icon.pixels;
      hints['image-data'] = variant('(iiibiiay)', [width, height, width * 4, true, 8, 4, rgba]);
    }
    return hints;
  }
}

async function listen(): Promise<void> {
  const find = (id: number): Notification | undefined => {
    globalThis.gc?.();
    return shown.get(id)?.deref();
  };
  await sessionBus().listen(place, 'ActionInvoked', (id: number, key: string) => {
    const action = /^action_(\d+)$/.exec(key)?.[1];
    if (key === 'default') find(id)?.emit('click', {});
    else if (action !== undefined) find(id)?.emit('action', { actionIndex: Number(action) }, Number(action), -1);
  });
  await sessionBus().listen(place, 'NotificationClosed', (id: number, reason: number) => {
    const notification = find(id);
    shown.delete(id);
    notification?.emit('close', { reason: closedBy[reason] });
  });
}
