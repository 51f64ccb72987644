import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';

/** A package that was made. @throws Error when there is not exactly one */
export function made(version: 'old' | 'new', ending: string): string {
  const folder = join(inject('packages'), version);
  const found = readdirSync(folder).filter((name) => name.endsWith(ending));
  if (found.length !== 1) throw new Error(`${folder} has ${found.length} files that end in ${ending}`);
  return join(folder, found[0]!);
}
