import { describe, expect, it } from 'vitest';

import type { Action } from '../../../models/action.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import { scopeKinds } from '../../../src-main/contract/story/scope-kinds.ts';
import { fits, scopeOf } from '../../../src-main/engine/feedback/scope.ts';

const { learning } = defaultPack();
const at = (hour: number): number => new Date(2026, 10, 25, hour, 12).getTime() / 1000;
const start = (path: string, cmdline: string, hour = 2): Action => ({
  query: 'process_start',
  change: 'added',
  time: at(hour),
  columns: { path, cmdline, name: path.split('/').at(-1)! },
});

describe('a scope', () => {
  it.each(scopeKinds)('of the kind %s fits the action that it was made from', (kind) => {
    const connection = { ...start('/usr/bin/rsync', ''), query: 'net_out', columns: { remote_address: '192.0.2.7' } };
    const action = kind === 'address' ? connection : start('/usr/bin/rsync', 'rsync -a /home /mnt');
    expect(fits(scopeOf(action, kind, learning)!, action, learning)).toBe(true);
  });

  it('of a program fits its path and commands of its name, not another of that name elsewhere', () => {
    const scope = { program: '/usr/bin/rsync' };
    expect(fits(scope, start('/usr/bin/rsync', 'rsync -n'), learning)).toBe(true);
    expect(fits(scope, { ...start('', ''), query: 'shell', columns: { command: 'rsync -a x y' } }, new Map())).toBe(
      true,
    );
    expect(fits(scope, start('/tmp/rsync', '/tmp/rsync'), learning)).toBe(false);
  });

  it('of an action fits no other', () => {
    const scope = scopeOf(start('/usr/bin/rsync', 'rsync -a'), 'action', learning)!;
    expect(fits(scope, start('/usr/bin/git', 'git'), learning)).toBe(false);
  });

  it('of hours may go over midnight', () => {
    const night = { hours: [22, 3] } as const;
    expect([21, 22, 0, 2, 3].map((hour) => fits(night, start('/bin/a', 'a', hour), learning))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  it('fits only where all of it does', () => {
    const scope = { program: '/usr/bin/rsync', hours: [2, 3] } as const;
    expect(fits(scope, start('/usr/bin/rsync', 'rsync', 2), learning)).toBe(true);
    expect(fits(scope, start('/usr/bin/rsync', 'rsync', 5), learning)).toBe(false);
    expect(fits(scope, start('/usr/bin/git', 'git', 2), learning)).toBe(false);
  });

  it('that says nothing fits nothing', () => {
    expect(fits({}, start('/usr/bin/git', 'git'), learning)).toBe(false);
  });
});
