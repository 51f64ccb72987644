import { closeSync, existsSync, ftruncateSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';

import { random } from '../../models/random.ts';
import type { damages } from './schedule.ts';

const PAGE = 4096;

/** Damages a file as disks, power cuts and other programs do. Nothing where there is no such file. @param at 0…1: where */
export function damage(path: string, how: (typeof damages)[number], at: number): void {
  if (!existsSync(path)) return;
  const { size } = statSync(path);
  const place = Math.floor(at * size);
  const next = random(1 + place);
  const bytes = (count: number): Buffer => Buffer.from(Array.from({ length: count }, () => Math.floor(next() * 256)));
  if (how === 'junk') {
    writeFileSync(path, bytes(1 + place));
    return;
  }
  const file = openSync(path, 'r+');
  try {
    if (how === 'cut') ftruncateSync(file, place);
    else if (how === 'head') writeSync(file, bytes(64), 0, 64, 0);
    else if (size > 0 && how === 'zero')
      writeSync(file, Buffer.alloc(PAGE), 0, Math.min(PAGE, size), place - (place % PAGE));
    else if (size > 0) {
      for (let flips = 0; flips < 8; flips++) {
        const where = Math.floor(next() * size);
        writeSync(file, bytes(1), 0, 1, where);
      }
    }
  } finally {
    closeSync(file);
  }
}
