import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';

/** The isolated world that a preload script runs in; the page's own scripts cannot see it. */
export const preloadWorld = 'electron-preload';

/** What the code in Chromium is told. */
export interface RuntimeSettings {
  readonly world: 'page' | 'preload';
  /** Names that the page cannot guess, for the two worlds to find each other. */
  readonly secret: string;
  /** The function by which the preload world calls this process. */
  readonly binding: string;
  readonly environment: Readonly<Record<string, unknown>>;
}

let bundled: Promise<string> | undefined;

/** The code of renderer/, for one world. */
export async function runtimeSource(settings: RuntimeSettings): Promise<string> {
  bundled ??= bundle();
  return `(() => { const runtimeSettings = ${JSON.stringify(settings)};\n${await bundled}\n})();`;
}

/**
 * A preload script as a sandboxed one is run: as the body of a function that gets `require`.
 *
 * @throws Error when it is none, for example an ES module
 */
export function preloadSource(path: string): string {
  const code = readFileSync(path, 'utf8');
  const wrapped = `function (require, process, exports, module) {${code}\n}`;
  new Script(`(${wrapped})`);
  return `electronStandIn.runPreload(${JSON.stringify(path)}, ${wrapped});`;
}

async function bundle(): Promise<string> {
  const { build } = await import('vite'); // only where a window is opened: an application starts without it
  const output = await build({
    configFile: false,
    logLevel: 'error',
    root: import.meta.dirname,
    build: {
      write: false,
      minify: false,
      target: 'chrome140',
      lib: { entry: join(import.meta.dirname, 'renderer', 'runtime.ts'), formats: ['es'] },
    },
  });
  const [first] = Array.isArray(output) ? output : [output];
  if (!('output' in first)) throw new Error('renderer/ was not bundled');
  return first.output[0].code;
}
