import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { makeAppImageTools } from './appimage-tools.ts';
import { makeStandInElectron } from './electron.ts';
import { pathOf } from './programs.ts';

/** How electron-builder is told of the tools that it uses instead of downloading its own. */
export interface Tools {
  readonly says: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly arguments: readonly string[];
  /** Where they lie, to be removed afterwards. */
  readonly folder?: string;
}

/** The real ones, which electron-builder downloads. */
export const realTools: Tools = {
  says: ['Packed with the real Electron, fpm and AppImage runtime'],
  environment: {},
  arguments: [],
};

/** @param electronVersion as package.json pins it */
export function makeStandInTools(root: string, electronVersion: string): Tools {
  const folder = mkdtempSync(join(tmpdir(), 'ubad-pack-'));
  const electron = join(folder, 'electron');
  const appImage = join(folder, 'appimage');
  mkdirSync(appImage);
  makeStandInElectron(electron, root, electronVersion);
  makeAppImageTools(appImage);
  return {
    folder,
    says: [
      'Packed WITH STAND-INS for Electron, fpm and the AppImage runtime, which cannot be downloaded here.',
      'These packages prove what is packed and how it is installed. They run on this machine only, without Electron:',
      'NEVER give them to anybody.',
    ],
    environment: {
      CUSTOM_FPM_PATH: join(import.meta.dirname, 'fpm.mjs'),
      APPIMAGE_TOOLS_PATH: appImage,
      ELECTRON_BUILDER_7ZIP_PATH: pathOf('7zz'),
    },
    arguments: [`-c.electronDist=${electron}`],
  };
}
