import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What @electron/fuses looks for in a binary: a sentinel, the wire's version, its length, and a fuse a byte; "0" is off. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSES = '010011010';
const fuseWire = Buffer.concat([Buffer.from(SENTINEL), Buffer.from([1, FUSES.length]), Buffer.from(FUSES)]);

const emptyFiles = [
  ...['resources.pak', 'icudtl.dat', 'snapshot_blob.bin', 'v8_context_snapshot.bin', 'chrome_100_percent.pak'],
  ...['libffmpeg.so', 'locales/en-US.pak', 'locales/de.pak'],
];

/**
 * Lays out a folder as Electron's zip unpacks, whose binary is a script: asked to be Node it is the pinned Node, else the
 * host of the desktop tests plays the application. It works on this machine only, and only where this checkout is.
 *
 * @param folder is made
 */
export function makeStandInElectron(folder: string, root: string, version: string): void {
  for (const part of ['resources', 'locales']) mkdirSync(join(folder, part), { recursive: true });
  const host = join(root, 'test', 'desktop', 'host', 'packed.ts');
  const binary = `#!/bin/sh
# NOT ELECTRON: a stand-in from a machine that could not download it.
if [ -n "$ELECTRON_RUN_AS_NODE" ]; then exec '${process.execPath}' "$@"; fi
exec '${process.execPath}' --expose-gc --disable-warning=ExperimentalWarning '${host}' "$(readlink -f "$0")" "$@"
`;
  writeFileSync(join(folder, 'electron'), Buffer.concat([Buffer.from(binary), fuseWire]));
  writeFileSync(join(folder, 'version'), version);
  writeFileSync(join(folder, 'LICENSE'), 'stand-in\n');
  writeFileSync(join(folder, 'LICENSES.chromium.html'), '<html></html>\n');
  for (const file of emptyFiles) writeFileSync(join(folder, file), '');
  for (const helper of ['chrome-sandbox', 'chrome_crashpad_handler'])
    writeFileSync(join(folder, helper), '#!/bin/sh\n');
  for (const program of ['electron', 'chrome-sandbox', 'chrome_crashpad_handler'])
    chmodSync(join(folder, program), 0o755);
}
