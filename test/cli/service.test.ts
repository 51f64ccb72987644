import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, closeSync, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { leadsToJournal } from '../../src-main/cli/journal.ts';
import { serviceOf } from '../../src-main/cli/service.ts';
import { scratch } from '../scratch.ts';

const folder = scratch();
const hasCommand = (name: string): boolean => spawnSync('which', [name]).status === 0;

describe('the service manager', () => {
  it('is told nothing where there is none', () => {
    const send = vi.fn();
    const service = serviceOf({ environment: {}, send });
    service.doing('reading');
    service.stop();
    expect(send).not.toHaveBeenCalled();
  });

  it('hears once that the program is ready, then what it does, and a beat twice as often as it wants', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const said: string[][] = [];
    const environment = { NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '60000000' };
    const service = serviceOf({ environment, send: (...all) => void said.push([...all]) });
    vi.advanceTimersByTime(29_999);
    expect(said).toEqual([]);
    vi.advanceTimersByTime(1);
    service.doing('reading\nREADY=0');
    service.doing('waiting');
    service.stop();
    vi.advanceTimersByTime(120_000);
    expect(said[0]).toEqual(['WATCHDOG=1']);
    expect(said[1]![0]).toBe('READY=1');
    expect(said[1]![1]).toMatch(/^STATUS=reading[^\n]*$/);
    expect(said.slice(2)).toEqual([['STATUS=waiting'], ['STOPPING=1']]);
  });

  // A real datagram socket, as systemd's is, and the whole program.
  it.skipIf(!hasCommand('socat') || !hasCommand('systemd-notify'))(
    'hears of `ubad watch` on its socket, and the journal how bad each line is',
    async () => {
      const at = (name: string): string => join(folder, name);
      const started: ChildProcess[] = [];
      onTestFinished(() => {
        for (const child of started) child.kill('SIGKILL');
      });
      const heard = openSync(at('heard'), 'w');
      started.push(
        spawn('socat', ['-u', `UNIX-RECV:${at('socket')}`, 'STDOUT'], { stdio: ['ignore', heard, 'ignore'] }),
      );
      const told = (): string => readFileSync(at('heard'), 'utf8');
      writeFileSync(at('results.log'), '');
      const journal = openSync(at('journal'), 'w');
      const { dev, ino } = fstatSync(journal);
      await expect.poll(() => spawnSync('test', ['-S', at('socket')]).status).toBe(0);

      const environment = {
        ...process.env,
        XDG_CONFIG_HOME: at('config'),
        JOURNAL_STREAM: `${dev}:${ino}`,
        NOTIFY_SOCKET: at('socket'),
        WATCHDOG_USEC: '400000',
      };
      const words = ['src-main/cli.ts', 'watch', '--log', at('results.log'), '--state', at('state')];
      const program = spawn(process.execPath, words, { env: environment, stdio: ['ignore', journal, journal] });
      started.push(program);
      await expect.poll(told, { timeout: 30_000 }).toMatch(/READY=1\nSTATUS=following .*results\.log/);
      await expect.poll(told, { timeout: 30_000 }).toContain('WATCHDOG=1');
      appendFileSync(at('results.log'), 'not json\n');
      program.kill('SIGTERM');
      await once(program, 'exit');
      await expect.poll(told, { timeout: 30_000 }).toContain('STOPPING=1');
      expect(readFileSync(at('journal'), 'utf8')).toMatch(/^<5>ubad: following /m);
    },
  );
});

describe('a stream leads to the journal', () => {
  it('only when it is the one that systemd connected', () => {
    const file = openSync(join(folder, 'stream'), 'w');
    const { dev, ino } = fstatSync(file);
    expect(leadsToJournal(file, `${dev}:${ino}`)).toBe(true);
    expect(leadsToJournal(file, `${dev}:${ino + 1}`)).toBe(false);
    expect(leadsToJournal(file, 'nonsense')).toBe(false);
    closeSync(file);
    expect(leadsToJournal(file, `${dev}:${ino}`)).toBe(false);
  });
});
