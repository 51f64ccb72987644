import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, type InlineConfig } from 'vite';

export const sampleSource = import.meta.dirname;

/**
 * Builds the sample as ubad will be built: the main process and the worker as ES modules, the preload script as one CommonJS file
 * (a sandboxed one cannot be a module), the page as files that a strict policy allows.
 *
 * @param source this folder, or a changed copy of it
 * @param out an application folder
 * @returns it
 */
export async function buildSample(source: string, out: string): Promise<string> {
  mkdirSync(out, { recursive: true });
  const quiet = { configFile: false, logLevel: 'error', publicDir: false } satisfies InlineConfig;
  const kept = { outDir: out, emptyOutDir: false, minify: false } as const;
  const inNode = (input: Record<string, string>, format: 'es' | 'cjs', ending: string): InlineConfig => ({
    ...quiet,
    root: source,
    build: {
      ...kept,
      ssr: true,
      target: 'node24',
      rolldownOptions: { input, external: ['electron'], output: { format, entryFileNames: `[name].${ending}` } },
    },
  });
  await build(inNode({ main: join(source, 'main.ts'), worker: join(source, 'worker.ts') }, 'es', 'js'));
  await build(inNode({ preload: join(source, 'preload.ts') }, 'cjs', 'cjs'));
  const page = { ...kept, outDir: join(out, 'page'), target: 'chrome140', modulePreload: { polyfill: false } } as const;
  await build({ ...quiet, root: join(source, 'page'), base: './', build: page });
  cpSync(join(source, 'package.json'), join(out, 'package.json'));
  cpSync(join(source, 'icons'), join(out, 'icons'), { recursive: true });
  return out;
}
