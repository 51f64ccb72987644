import { EventEmitter } from 'node:events';

/** Who sent a message: what an application checks before it obeys. */
export interface SenderEvent {
  readonly sender: object;
  readonly senderFrame: { readonly url: string };
}

type Handler = (event: SenderEvent, ...args: unknown[]) => unknown;
export type Answer = { readonly value: unknown } | { readonly error: string };

class IpcMain extends EventEmitter {
  readonly #handlers = new Map<string, Handler>();

  handle(channel: string, handler: Handler): void {
    if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    this.#handlers.set(channel, handler);
  }

  handleOnce(channel: string, handler: Handler): void {
    this.handle(channel, (event, ...args) => {
      this.#handlers.delete(channel);
      return handler(event, ...args);
    });
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel);
  }

  /** What `ipcRenderer.invoke` gets; as in Electron an error crosses as its text only. */
  async answer(channel: string, event: SenderEvent, args: readonly unknown[]): Promise<Answer> {
    try {
      const handler = this.#handlers.get(channel);
      if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
      return { value: await handler(event, ...args) };
    } catch (error) {
      console.error(`Error occurred in handler for '${channel}':`, error);
      return { error: `Error invoking remote method '${channel}': ${String(error)}` };
    }
  }
}

export const ipcMain = new IpcMain();
