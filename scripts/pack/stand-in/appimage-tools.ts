import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { pathOf } from './programs.ts';

/** Where the image begins in an AppImage with this runtime, in bytes. */
const OFFSET = 4096;

/** Does what the real runtime does where there is no FUSE: unpacks, runs, removes. */
const runtime = `#!/bin/sh
# NOT THE APPIMAGE RUNTIME: a stand-in; the squashfs image begins at byte ${OFFSET}.
self=$(readlink -f "$0")
case "$1" in
--appimage-offset) echo ${OFFSET}; exit ;;
--appimage-extract) exec unsquashfs -quiet -no-progress -offset ${OFFSET} -dest squashfs-root "$self" ;;
--appimage-extract-and-run) shift ;;
esac
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'kill -TERM "$child" 2>/dev/null' TERM INT HUP
unsquashfs -quiet -no-progress -offset ${OFFSET} -dest "$folder/root" "$self" >/dev/null || exit 1
APPIMAGE=$self APPDIR=$folder/root OWD=$PWD "$folder/root/AppRun" "$@" &
child=$!
wait "$child"; status=$?
wait "$child" 2>/dev/null
exit "$status"
`;

/** Lays out what electron-builder's AppImage toolset 1.0.3 has, over Debian's programs. @param folder is made */
export function makeAppImageTools(folder: string): void {
  mkdirSync(join(folder, 'runtimes'), { recursive: true });
  for (const tool of ['mksquashfs', 'desktop-file-validate']) symlinkSync(pathOf(tool), join(folder, tool));
  for (const arch of ['x64', 'arm64']) {
    mkdirSync(join(folder, 'lib', arch), { recursive: true });
    const file = join(folder, 'runtimes', `runtime-${arch}`);
    writeFileSync(file, runtime);
    truncateSync(file, OFFSET);
  }
}
