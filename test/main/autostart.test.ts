import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Autostart, ownCommand, quoted } from '../../src-main/desktop/autostart.ts';
import { scratch } from '../scratch.ts';

const fileIn = (folder: string): string => join(folder, 'autostart', 'ubad.desktop');

describe('starting at login', () => {
  it('is a file that comes and goes, and starts hidden', () => {
    const file = fileIn(scratch());
    const autostart = new Autostart(file, ['/opt/ubad/ubad']);
    expect(autostart.on).toBe(false);
    autostart.set(true);
    expect(autostart.on).toBe(true);
    expect(readFileSync(file, 'utf8')).toMatch(
      /^\[Desktop Entry\]\nType=Application\n[^]*\nExec=\/opt\/ubad\/ubad --hidden\nTryExec=\/opt\/ubad\/ubad\n/,
    );
    autostart.set(false);
    autostart.set(false);
    expect([autostart.on, existsSync(file)]).toEqual([false, false]);
  });

  it('that the desktop’s own settings switched off stays off', () => {
    const folder = scratch();
    mkdirSync(join(folder, 'autostart'));
    const entry = '[Desktop Entry]\nExec=/old/ubad\nHidden=true\n';
    writeFileSync(fileIn(folder), entry);
    const autostart = new Autostart(fileIn(folder), ['/opt/ubad']);
    autostart.refresh();
    expect([autostart.on, readFileSync(fileIn(folder), 'utf8')]).toEqual([false, entry]);
    autostart.set(true);
    expect(autostart.on).toBe(true);
  });

  it('follows a program that moved, and makes no file that nobody asked for', () => {
    const file = fileIn(scratch());
    new Autostart(file, ['/new/ubad.AppImage']).refresh();
    expect(existsSync(file)).toBe(false);
    new Autostart(file, ['/old/ubad.AppImage']).set(true);
    new Autostart(file, ['/new/ubad.AppImage']).refresh();
    expect(readFileSync(file, 'utf8')).toContain('Exec=/new/ubad.AppImage --hidden');
  });

  it('that cannot be read is off, and that cannot be written is told of: neither hinders a start', () => {
    const folder = scratch();
    mkdirSync(fileIn(folder), { recursive: true });
    expect(new Autostart(fileIn(folder), ['/ubad']).on).toBe(false);
    const file = join(folder, 'autostart', 'other.desktop');
    writeFileSync(file, '[Desktop Entry]\nExec=/old/ubad\n');
    mkdirSync(`${file}.${process.pid}`);
    expect(new Autostart(file, ['/new/ubad']).refresh()).toMatch(/other\.desktop .*cannot be written: EISDIR/);
  });

  it('starts the AppImage itself, else the program with its folder', () => {
    expect(ownCommand('/tmp/.mount/ubad', [], { APPIMAGE: '/home/a b/ubad.AppImage' })).toEqual([
      '/home/a b/ubad.AppImage',
    ]);
    expect(ownCommand('/usr/bin/electron', ['/src'], { APPIMAGE: 'relative' })).toEqual(['/usr/bin/electron', '/src']);
  });
});

/** Reads an `Exec` value as the Desktop Entry Specification says: the file's escapes first, then the quoting. */
function read(value: string): string {
  const string = value.replace(/\\([\\ntr])/g, (_, c: string) => ({ '\\': '\\', n: '\n', t: '\t', r: '\r' })[c]!);
  const argument = string.startsWith('"') ? string.slice(1, -1).replace(/\\(["`$\\])/g, '$1') : string;
  return argument.replaceAll('%%', '%');
}

describe('an argument in Exec', () => {
  it('is on one line and reads as what it was', () => {
    const paths = fc.string({
      unit: fc.constantFrom(...'a / " $ ` \\ % \n \t \r ä ’ ;'.split(' '), ' '),
      minLength: 1,
    });
    fc.assert(
      fc.property(paths, (path) => {
        expect(quoted(path)).not.toContain('\n');
        expect(read(quoted(path))).toBe(path);
      }),
    );
  });

  const gio = spawnSync('gio', ['version']).status === 0;
  it.runIf(gio)('starts the program with a strange name, as a desktop does it', async () => {
    // No percent sign: GLib looks for the program by the value as it is written, with both.
    const folder = join(scratch(), 'a "b" $c `d`');
    mkdirSync(folder, { recursive: true });
    const [program, told] = [join(folder, 'ubad'), join(folder, 'told')];
    writeFileSync(program, '#!/bin/sh\necho "$1" > "$(dirname "$0")/told"\n', { mode: 0o755 });
    const file = join(folder, 'ubad.desktop');
    new Autostart(file, [program]).set(true);
    spawnSync('gio', ['launch', file]);
    await expect.poll(() => existsSync(told) && readFileSync(told, 'utf8')).toBe('--hidden\n');
  });
});
