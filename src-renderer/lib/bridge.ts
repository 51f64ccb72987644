import { desktopCalls, viewCalls, type Bridge } from '../../src-main/contract/contract.ts';
import { client } from '../../src-main/contract/ipc.ts';

declare global {
  interface Window {
    readonly bridge: Bridge;
  }
}

const send: Bridge['ask'] = (name, input) => window.bridge.ask(name, input);

/** Questions to the engine. Each throws AskFailed where there is no answer. */
export const engine = client(viewCalls, send);

/** Questions to the process that the window belongs to. */
export const desktop = client(desktopCalls, send);

/** Hears what is told to the window. @returns how to stop */
export const on: Bridge['on'] = (event, listener) => window.bridge.on(event, listener);
