import { chownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Root may read everything: for a while it is somebody who may read only what is in the folder. */
export async function asSomebody(folder: string, work: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return work();
  const nobody = 65_534;
  for (const path of [folder, ...readdirSync(folder).map((name) => join(folder, name))])
    chownSync(path, nobody, nobody);
  process.seteuid!(nobody);
  try {
    await work();
  } finally {
    process.seteuid!(0);
  }
}
