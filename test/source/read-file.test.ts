import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { readFile } from '../../src-main/source/read-file.ts';
import { scratch } from '../scratch.ts';

const folder = scratch();
const lines = Array.from({ length: 5000 }, (_, i) => `line ${i + 1} ${'ü'.repeat(i % 30)}`);
const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));

async function read(path: string, from?: { offset: number; line: number }): Promise<string[]> {
  const found: string[] = [];
  for await (const batch of readFile(path, { maxBatchLines: 700, ...(from && { from }) })) {
    expect(batch.lines.length).toBeLessThan(700 + 65_536);
    expect(batch.checkpoint.line).toBe(batch.lines.at(-1)!.number);
    for (const { text } of batch.lines) found.push(text);
  }
  return found;
}

describe.each([
  ['plain', (raw: Buffer) => raw],
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
])('a %s file, whatever it is called', (name, pack) => {
  const path = join(folder, name);
  writeFileSync(path, pack(bytes));

  it('is read whole', async () => {
    expect(await read(path)).toEqual(lines);
  });

  it('is read on from a place in its content', async () => {
    const offset = Buffer.byteLength(
      lines
        .slice(0, 1234)
        .map((line) => `${line}\n`)
        .join(''),
    );
    expect(await read(path, { offset, line: 1234 })).toEqual(lines.slice(1234));
  });
});

it.each([
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
])('a damaged %s archive gives what comes before the damage, then says so', async (name, pack) => {
  const path = join(folder, `${name}-cut`);
  const noise = Buffer.from(lines.map((line, i) => `${line}${(i * 2654435761).toString(36)}\n`).join(''));
  writeFileSync(path, pack(noise).subarray(0, 20_000));
  let found = 0;
  await expect(async () => {
    for await (const batch of readFile(path)) found += batch.lines.length;
  }).rejects.toThrow(`the ${name} archive is damaged or cut off`);
  if (name === 'gzip') expect(found).toBeGreaterThan(0);
});

it.each([
  ['what is not there', join(folder, 'nothing'), 'cannot be read (ENOENT).'],
  ['a folder', folder, 'cannot be read (not a regular file).'],
])('%s is an error with a sentence', async (_, path, message) => {
  await expect(readFile(path).next()).rejects.toThrow(message);
});

it('takes a last line that has no newline', async () => {
  writeFileSync(join(folder, 'half'), 'a\nb');
  expect(await read(join(folder, 'half'))).toEqual(['a', 'b']);
});

it('reads on through every part of an archive that has several, also empty ones', async () => {
  const half = bytes.indexOf('\nline 2500 ') + 1;
  const [a, b] = [bytes.subarray(0, half), bytes.subarray(half)];
  const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]);
  const archives = {
    gzip: [gzipSync(a), gzipSync(b)],
    zstd: [zstdCompressSync(a), zstdCompressSync(b)],
    pzstd: [skippable, zstdCompressSync(a), skippable, zstdCompressSync(b), skippable],
  };
  for (const [name, parts] of Object.entries(archives)) {
    const path = join(folder, `parts-${name}`);
    writeFileSync(path, Buffer.concat(parts));
    expect(await read(path)).toEqual(lines);
  }
});

it.each([
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
])('gives as much of a damaged %s archive to one who takes it slowly', async (name, pack) => {
  const path = join(folder, `${name}-slow`);
  const noise = Buffer.from(lines.map((line, i) => `${line}${Math.sin(i)}${Math.cos(i)}\n`.repeat(3)).join(''));
  const archive = pack(noise);
  writeFileSync(path, archive.subarray(0, Math.floor(archive.length * 0.8)));
  const count = async (isSlow: boolean): Promise<number> => {
    let found = 0;
    const reading = (async () => {
      for await (const batch of readFile(path, { maxBatchLines: 500 })) {
        found += batch.lines.length;
        if (isSlow) await new Promise((resolve) => setTimeout(resolve, 15));
      }
    })();
    await expect(reading).rejects.toThrow('damaged or cut off');
    return found;
  };
  const fast = await count(false);
  expect(fast).toBeGreaterThan(1000);
  expect(await count(true)).toBe(fast);
});

it.each([
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
])('reads every part of a %s archive of many parts', async (name, pack) => {
  const path = join(folder, `${name}-parts`);
  const parts = lines.map((line) => Buffer.from(`${line}\n`));
  const cuts = [0, 10, 2000, 5000];
  const packed = cuts.slice(1).map((cut, i) => pack(Buffer.concat(parts.slice(cuts[i], cut))));
  // A frame without content before the others, as pzstd writes it.
  const skippable = Buffer.from('502a4d180400000001020304', 'hex');
  writeFileSync(path, Buffer.concat(name === 'zstd' ? [skippable, ...packed] : packed));
  expect(await read(path)).toEqual(lines);
});
