/**
 * `node --expose-gc packed.ts <binary> [--switches] [arguments]`: what the binary of a package runs that was made without a
 * real Electron (scripts/pack/stand-in/electron.ts). The application comes from the package's own app.asar.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { extractAll } from '@electron/asar';
import { app } from './app.ts';
import { play } from './play.ts';

const [binary = '', ...args] = process.argv.slice(2);
const resources = join(dirname(binary), 'resources');
// Node cannot read inside of an archive, as Electron can.
const folder = mkdtempSync(join(tmpdir(), 'ubad-unpacked-'));
process.on('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});
extractAll(join(resources, 'app.asar'), folder);

app.isPackaged = true;
const starting = play(folder, {
  appPath: join(resources, 'app.asar'),
  argv: [binary, ...args],
  switches: args.filter((arg) => arg.startsWith('--')),
});
// `play` has noted which Node this is: from here on the program sees its own binary, as in Electron.
Object.assign(process, { execPath: binary, resourcesPath: resources });
await starting;
