/** Runs inside Chromium before anything of the page: once in the page's world, once in the preload script's. */
import type { RuntimeSettings } from '../preload.ts';
import { Bridge, freeze } from './bridge.ts';
import { IpcRenderer } from './ipc-renderer.ts';

declare const runtimeSettings: RuntimeSettings;

type Preload = (require: (name: string) => unknown, process: object, exports: object, module: object) => void;

const { world, secret, binding, environment } = runtimeSettings;
const [toPage, toPreload] = [`${secret}-to-page`, `${secret}-to-preload`];

if (world === 'page') {
  new Bridge(toPreload, toPage, (name, api) => {
    if (name in globalThis) throw new Error('Cannot bind an API on top of an existing property on the window object');
    Object.defineProperty(globalThis, name, { value: freeze(api), enumerable: true });
  });
  // A question that only this host hears: it lets the application say no when the window's frame is closed.
  addEventListener('beforeunload', (event) => {
    event.preventDefault();
  });
} else {
  const post = (globalThis as unknown as Record<string, (message: string) => void>)[binding]!;
  const bridge = new Bridge(toPage, toPreload, () => undefined);
  const ipcRenderer = new IpcRenderer(post);
  const electron = {
    contextBridge: {
      exposeInMainWorld: (name: string, api: unknown): void => {
        bridge.expose(name, api);
      },
    },
    ipcRenderer,
  };
  const modules: Record<string, unknown> = { electron, 'electron/renderer': electron };
  const require = (name: string): unknown => {
    if (name in modules) return modules[name];
    throw new Error(`module not found: ${name}`); // Electron's own words in a sandboxed preload script
  };
  const runPreload = (path: string, preload: Preload): void => {
    const module = { exports: {} };
    try {
      preload(require, Object.freeze({ ...environment }), module.exports, module);
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      console.error(`Unable to load preload script: ${path}\n${text}`);
      post(JSON.stringify({ kind: 'preload-error', channel: path, id: 0, values: text }));
    }
  };
  Object.assign(globalThis, {
    electronStandIn: {
      runPreload,
      deliver: (message: string) => {
        ipcRenderer.receive(message);
      },
    },
  });
  for (const kind of ['focus', 'blur'] as const) {
    addEventListener(kind, () => {
      post(JSON.stringify({ kind, channel: '', id: 0, values: '' }));
    });
  }
}
