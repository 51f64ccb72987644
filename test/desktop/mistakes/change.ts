import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleSource } from '../sample/build.ts';
import type { Mistake } from './mistake.ts';

/**
 * Copies the sample's source to `folder` with one mistake in it.
 *
 * @throws Error when what is to be changed does not stand there exactly once: the sample has moved on
 */
export function copyWithMistake({ name, file, from, to }: Mistake, folder: string): void {
  cpSync(sampleSource, folder, { recursive: true });
  const path = join(folder, file);
  const parts = readFileSync(path, 'utf8').split(from);
  if (parts.length !== 2) throw new Error(`"${name}": ${file} has ${parts.length - 1} times "${from}" instead of once`);
  writeFileSync(path, parts.join(to));
}
