import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import type { Bench } from '../../scripts/bench/bench.ts';
import { lineOf } from '../engine/log-lines.ts';
import { ordinary } from '../models/ordinary.ts';

const LINES = 7000;
const RUNS = 5;
/** After this a watch that has trained has given its memory back. */
const QUIET_MS = 8000;
const IDLE_MS = 4000;
/** What the kernel counts processor time in: USER_HZ, 100 a second on Linux. */
const TICK_MS = 10;

/** What `ubad watch` costs when it waits, after it has read, trained both models twice, and judged. */
const bench: Bench = {
  name: 'watch',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'ubad-bench-'));
    const log = join(folder, 'results.log');
    writeFileSync(
      log,
      ordinary(LINES)
        .map((action) => `${lineOf(action)}\n`)
        .join(''),
    );
    const words = ['watch', '--log', log, '--state', join(folder, 'state'), '--config', join(folder, 'config.json')];
    const child = spawn(process.execPath, ['bin/ubad.mjs', ...words, '--algorithm', 'both', '--subject', 'alice']);
    const ended = new Promise((resolve) => child.on('exit', resolve));
    let said = '';
    child.stderr.on('data', (text) => (said += String(text)));
    try {
      while (said.split('trained;').length < 3) {
        if (child.exitCode !== null) throw new Error(`watch ended: ${said}`);
        await pause(100);
      }
      await pause(QUIET_MS);
      const [memory, idle]: [number[], number[]] = [[], []];
      for (let run = 0; run < RUNS; run++) {
        const before = ticks(child.pid!);
        await pause(IDLE_MS);
        idle.push((100 * (ticks(child.pid!) - before) * TICK_MS) / IDLE_MS);
        memory.push(kilobytes(child.pid!, 'VmRSS') / 1000);
      }
      const peak = kilobytes(child.pid!, 'VmHWM') / 1000;
      return [
        { what: 'memory of an idle watch', unit: 'MB', samples: memory },
        { what: 'its peak, while it trained', unit: 'MB', samples: memory.map(() => peak) },
        { what: 'processor of an idle watch', unit: '% of a core', samples: idle },
      ];
    } finally {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const ticks = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return Number(fields[11]) + Number(fields[12]);
};

const kilobytes = (pid: number, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);

export default bench;
