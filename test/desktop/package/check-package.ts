import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { Script } from 'node:vm';

interface PackageManifest {
  readonly main?: string;
  readonly productName?: string;
  readonly version?: string;
  readonly desktopName?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Settings that Electron takes without a word, and that no window of ours may have. */
const dangers: readonly (readonly [RegExp, string])[] = [
  [/nodeIntegration:\s*(true|!0)/, 'a window has Node (nodeIntegration)'],
  [/contextIsolation:\s*(false|!1)/, 'a window is not isolated (contextIsolation)'],
  [/sandbox:\s*(false|!1)/, 'a window has no sandbox (sandbox)'],
  [/webSecurity:\s*(false|!1)/, 'a window has no same-origin policy (webSecurity)'],
  [/bypassCSP:\s*(true|!0)/, 'a scheme is free of the content security policy (bypassCSP)'],
  [/--no-sandbox/, 'the sandbox is switched off (--no-sandbox)'],
  [/\.openDevTools\(/, 'the developer tools are opened (openDevTools)'],
  [/^await app\.whenReady\(\)/m, 'the main module waits for ready at its top level, where Electron hangs'],
];

/** Modules that a sandboxed preload script may require. */
const inSandbox = ['electron', 'electron/renderer', 'events', 'timers', 'url'];

/**
 * What is wrong with an application folder as it would be packed, or was unpacked from an app.asar: nothing is run.
 *
 * @returns a sentence for each fault; none when all is well
 */
export function faultsOf(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  if (!files.includes('package.json')) return ['package.json is missing'];
  const manifest = JSON.parse(read('package.json')) as PackageManifest;
  const code = files.filter((file) => /\.[cm]?js$/.test(file) && !file.startsWith('node_modules/'));
  const inNode = code.filter((file) => !isOfPage(file, files) && !isPreload(file));
  return [
    ...manifestFaults(manifest, files),
    ...files.filter(shouldNotShip).map((file) => `${file} should not ship`),
    ...inNode.flatMap((file) => importFaults(file, read(file), files, manifest)),
    ...inNode.flatMap((file) => resourceFaults(file, read(file), files)),
    ...inNode.flatMap((file) => dangers.flatMap(([sign, what]) => (sign.test(read(file)) ? [`${file}: ${what}`] : []))),
    ...code.filter(isPreload).flatMap((file) => preloadFaults(file, read(file))),
    ...files.filter((file) => file.endsWith('.html')).flatMap((file) => pageFaults(folder, file, read(file))),
  ];
}

function manifestFaults(
  { main, productName, version, desktopName }: PackageManifest,
  files: readonly string[],
): string[] {
  const faults: string[] = [];
  if (main === undefined || !files.includes(main)) faults.push(`main (${main ?? 'not named'}) is missing`);
  // The tray's id, the notifications' sender, the folder of settings and the window's class come from these.
  for (const [name, value] of Object.entries({ productName, version, desktopName })) {
    if (value === undefined) faults.push(`package.json has no ${name}`);
  }
  if (productName?.includes(' ') === true)
    faults.push('productName has a space, which paths of the .deb then have too');
  return faults;
}

function shouldNotShip(file: string): boolean {
  if (file.startsWith('node_modules/')) return false;
  return /\.(ts|svelte|map|log)$|(^|\/)(test|src|\.git|\.env)(\/|$)/.test(file);
}

/** Imports have to be Node's own, Electron's, a package that ships, or a file that is there. */
function importFaults(file: string, text: string, files: readonly string[], manifest: PackageManifest): string[] {
  // Comments of packages that are bundled in name types' files; a module has no require of its own.
  const code = text.replace(/\/\*[^]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const form = file.endsWith('.cjs')
    ? /\brequire\(\s*["']([^"'\n]+)["']/g
    : /(?:^import\s+|^(?:import|export)\b[^"'\n]*\bfrom\s*|\bimport\(\s*)["']([^"'\n]+)["']/gm;
  const imports = [...code.matchAll(form)].map(([, name]) => name!);
  return imports.flatMap((name) => {
    if (isBuiltin(name) || name === 'electron' || name === 'electron/main') return [];
    if (name.startsWith('.')) {
      return files.includes(posix.join(posix.dirname(file), name)) ? [] : [`${file}: ${name} is missing`];
    }
    const owner = name.split('/', name.startsWith('@') ? 2 : 1).join('/');
    const ships = manifest.dependencies?.[owner] !== undefined && files.includes(`node_modules/${owner}/package.json`);
    return ships ? [] : [`${file}: the package ${owner} does not ship`];
  });
}

/** Files that are named by `join(import.meta.dirname, …)` have to be there. */
function resourceFaults(file: string, text: string, files: readonly string[]): string[] {
  const named = text.matchAll(/(?:join|resolve)\(import\.meta\.dirname((?:,\s*["'][^"']+["'])+)\)/g);
  return [...named].flatMap(([, list = '']) => {
    const parts = [...list.matchAll(/["']([^"']+)["']/g)].map(([, part]) => part!);
    const path = posix.join(posix.dirname(file), ...parts);
    const isThere = files.includes(path) || files.some((one) => one.startsWith(`${path}/`));
    return isThere ? [] : [`${file}: ${path} is missing`];
  });
}

function preloadFaults(file: string, text: string): string[] {
  const faults: string[] = [];
  try {
    new Script(`(function (require, process, exports, module) {${text}\n})`);
  } catch (error) {
    faults.push(`${file}: a sandboxed preload script has to be CommonJS: ${String(error)}`);
  }
  for (const [, name = ''] of text.matchAll(/require\(["']([^"']+)["']\)/g)) {
    if (!inSandbox.includes(name)) faults.push(`${file}: a sandboxed preload script cannot require ${name}`);
  }
  return faults;
}

/** The policy forbids what stands in the page itself and what comes from elsewhere. */
function pageFaults(folder: string, file: string, text: string): string[] {
  const faults: string[] = [];
  if (/<script(?![^>]*\bsrc=)[^>]*>|\son\w+=|<style|javascript:/i.test(text))
    faults.push(`${file}: code or style in the page`);
  if (/(src|href)="https?:/.test(text)) faults.push(`${file}: something from the network`);
  for (const [, path = ''] of text.matchAll(/(?:src|href)="\.\/([^"]+)"/g)) {
    if (!existsSync(join(folder, dirname(file), path))) faults.push(`${file}: ${path} is missing`);
  }
  return faults;
}

function isPreload(file: string): boolean {
  return /(^|\/)preload\.c?js$/.test(file);
}

/** What lies beside or under a page is the page's. */
function isOfPage(file: string, files: readonly string[]): boolean {
  return files.some((one) => one.endsWith('.html') && file.startsWith(`${dirname(one)}/`));
}
