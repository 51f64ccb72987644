import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { bundledPath, isBuildFresh } from '../../scripts/bootstrap/build-stamp.mjs';
import { bundle } from '../../scripts/bundle.mjs';

export const root = join(import.meta.dirname, '..', '..');

/** Folders of the packages that ship in a bundle: as the last build told, where that is of the present sources. */
export const bundledFolders = async (): Promise<readonly string[]> =>
  isBuildFresh(root)
    ? (JSON.parse(readFileSync(bundledPath(root), 'utf8')) as string[])
    : bundle(root, { write: false });
