import { expect, it } from 'vitest';

import type { Action } from '../../../models/action.ts';
import { Encoder } from '../../../models/features/encode.ts';
import { describe, tellAction, tellNamed } from '../../../src-main/engine/explanation/describe.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';

const { learning } = defaultPack();
const columns = { type: 'user', user: 'ann', tty: 'tty2', host: '', time: '1750000000', pid: '5' };
const login: Action = { query: 'logins', change: 'added', time: 1_750_000_000, columns };
const logout: Action = { ...login, change: 'removed' };

it('a logout is told as a logout', () => {
  expect(describe(login, learning)).toBe('Login tty2 ann');
  expect(describe(logout, learning)).toBe('Login, ended: tty2 ann');
  expect(tellAction(logout, learning).words).toEqual({ label: 'Login', how: 'ended', value: 'tty2 ann' });
});

it('a program that runs on is told as that', () => {
  const again = { query: 'process_start', columns: { name: 'ls', path: '/usr/bin/ls' }, again: true };
  expect(describe(again, learning)).toBe('Program start, changed: /usr/bin/ls');
});

it('the models call a logout one too, by all it says and by its kind alone', () => {
  const encoder = new Encoder(learning);
  encoder.encode(login);
  const { token, type } = encoder.encode(logout);
  expect(tellNamed(encoder.nameOf(-token), learning).text).toBe('Login, ended: tty2 ann');
  expect(tellNamed(encoder.typeOf(type), learning).text).toBe('Login, ended: something rare');
  expect(tellNamed(encoder.typeOf(encoder.encode(login).type), learning).text).toBe('Login: something rare');
});
