/**
 * `node --expose-gc run.ts [--switches] <folder> [arguments]`: the command line of `electron <folder>`, on plain Node with
 * Debian's Chromium. It is a stand-in for where no Electron binary can be had, and says so.
 */
import { resolve } from 'node:path';
import { play } from './play.ts';

const args = process.argv.slice(2);
const position = args.findIndex((arg) => !arg.startsWith('-'));
const folder = resolve(args[position] ?? '.');
Object.assign(process, { defaultApp: true });
await play(folder, {
  appPath: folder,
  argv: [process.execPath, ...args],
  switches: args.slice(0, Math.max(position, 0)),
});
