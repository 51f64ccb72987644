import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it, vi } from 'vitest';
import * as v from 'valibot';

import { openConfig } from '../../src-main/settings/config.ts';
import { settingsSchema } from '../../src-main/contract/settings.ts';
import { Memory } from '../../src-main/host/memory.ts';
import { SettingsFile } from '../../src-main/desktop/settings.ts';
import { scratch } from '../scratch.ts';

// What the package gives outside of Electron: the path of a program. electron-store then takes the folder it is told.
vi.mock('electron', () => ({ default: '' }));

const fileWith = (content?: unknown): string => {
  const file = join(scratch(), 'config.json');
  if (content !== undefined) writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};
const defaults = v.parse(settingsSchema, {});

describe('the settings’ file', () => {
  it('need not be there', () => {
    const file = fileWith();
    const settings = new SettingsFile(file);
    expect([settings.all, settings.notices]).toEqual([defaults, []]);
    settings.change({ alertsPerWeek: 3 });
    expect(new SettingsFile(file).all).toEqual({ ...defaults, alertsPerWeek: 3 });
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('is the command line’s: each reads what the other has written', () => {
    const file = fileWith();
    openConfig(file).set('alarm', 4);
    const settings = new SettingsFile(file);
    expect(settings.all.alarm).toBe(4);
    settings.change({ algorithm: 'both', theme: 'dark' });
    expect(openConfig(file).config).toMatchObject({ alarm: 4, algorithm: 'both', theme: 'dark' });
  });

  it.each(['{', '[]', '"x"', ''])('that is no object («%s») is kept aside and told of', (content) => {
    const file = fileWith(content);
    const settings = new SettingsFile(file);
    expect([settings.all, readFileSync(`${file}.broken`, 'utf8')]).toEqual([defaults, content]);
    expect(settings.notices).toMatchObject([expect.stringContaining('.broken')]);
  });

  it('with a mistake loses that setting alone, and says which', () => {
    const file = fileWith({ alarm: 99, seed: 7 });
    const settings = new SettingsFile(file);
    expect(settings.all).toEqual({ ...defaults, seed: 7 });
    expect(settings.notices).toMatchObject([expect.stringMatching(/alarm cannot be so/)]);
    expect(JSON.parse(readFileSync(`${file}.broken`, 'utf8'))).toEqual({ alarm: 99, seed: 7 });
    expect(new SettingsFile(file).notices).toEqual([]);
  });

  it('of a newer program is read and left as it is', () => {
    const content = JSON.stringify({ version: 99, seed: 7, future: true });
    const file = fileWith(content);
    const settings = new SettingsFile(file);
    expect(settings.change({ theme: 'dark' })).toMatchObject({ seed: 7, theme: 'dark' });
    expect(readFileSync(file, 'utf8')).toBe(content);
    expect(settings.notices).toMatchObject([expect.stringMatching(/newer version/)]);
  });

  it('that cannot be read or written is told of, and the program goes on', () => {
    const file = fileWith();
    mkdirSync(file);
    const settings = new SettingsFile(file);
    expect(settings.change({ theme: 'light' }).theme).toBe('light');
    expect(settings.notices).toMatchObject([expect.stringMatching(/cannot be kept/)]);
  });

  it('gives the engine a state folder, also where none is set', () => {
    expect(new SettingsFile(fileWith()).engine.state).toMatch(/^\/.*ubad$/);
    expect(new SettingsFile(fileWith({ state: '/elsewhere' })).engine.state).toBe('/elsewhere');
  });
});

describe('what the desktop remembers', () => {
  it('comes back', () => {
    const file = fileWith();
    new Memory(file).remember({ pausedUntil: 5, held: [{ id: 1, user: 'alice', count: 1, band: 'low' }] });
    expect(new Memory(file).all).toMatchObject({ pausedUntil: 5, held: [{ id: 1, user: 'alice' }], window: null });
  });

  it.each(['{', 'null', '[]', { window: { x: 1 }, held: 'x', pausedUntil: 7 }])(
    '%j is no reason not to start',
    (content) => {
      expect(new Memory(fileWith(content)).all).toMatchObject({ window: null, held: [] });
    },
  );
});
