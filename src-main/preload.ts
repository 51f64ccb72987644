/** All that a page can reach: `window.bridge`, with two functions. Bundled as CommonJS, which a sandboxed preload must be. */
import { contextBridge, ipcRenderer } from 'electron';

import type { Answer } from './contract/ipc.ts';
import type { Bridge, Events } from './contract/contract.ts';

const bridge: Bridge = {
  ask: (name, input) => ipcRenderer.invoke('ask', name, input) as Promise<Answer>,
  on: (event, listener) => {
    // The page gets the value, never Electron's event, which reaches back to ipcRenderer.
    const heard = (_event: unknown, value: Events[typeof event]): void => {
      listener(value);
    };
    const channel = `event:${event}`;
    ipcRenderer.on(channel, heard);
    return () => {
      ipcRenderer.off(channel, heard);
    };
  },
};

contextBridge.exposeInMainWorld('bridge', bridge);
