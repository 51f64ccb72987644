import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { quoted } from './shell.ts';

/** Where sudo looks too, whatever a person's own PATH is. */
const INSTALLED = ['/usr/bin/ubad', '/usr/local/bin/ubad'];

/**
 * How this program is called in a shell, also behind sudo: by its name where it is installed, else as the file of the checkout.
 * @param root '' on a real machine
 */
export function ownCommand(root: string): string {
  if (INSTALLED.some((path) => isProgram(join(root, path)))) return 'ubad';
  const self = fileURLToPath(import.meta.url);
  const checkout = join(dirname(self), self.endsWith('.ts') ? '../../..' : '..');
  const file = join(checkout, 'bin', 'ubad.mjs');
  // An AppImage or an unpacked archive: the documents say how it is called there.
  if (!existsSync(file)) return 'ubad';
  const pinned = join(checkout, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
  const node = isProgram(pinned) ? pinned : Object.hasOwn(process.versions, 'electron') ? 'node' : process.execPath;
  return `${quoted(node)} ${quoted(file)}`;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
