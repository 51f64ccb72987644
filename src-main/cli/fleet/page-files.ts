import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { PageFiles } from '../../fleet/page/run.ts';
import { Failure } from '../failure.ts';

/** The built page: in a checkout beside the sources; else all in one folder. @throws Failure where it is not built */
export function pageFiles(): PageFiles {
  const self = fileURLToPath(import.meta.url);
  const out = self.endsWith('.ts')
    ? fileURLToPath(new URL('../../../out', import.meta.url))
    : fileURLToPath(new URL('.', import.meta.url));
  const files = { page: join(out, 'fleet-window'), bridge: join(out, 'bridge-web.js') };
  if (!existsSync(join(files.page, 'fleet.html')))
    throw new Failure(`The page is not built: ${files.page} is missing. Run: npm run build`);
  return files;
}
