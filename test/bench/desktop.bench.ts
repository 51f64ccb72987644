import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

import { median, type Bench, type Row } from '../../scripts/bench/bench.ts';
import { startWatching, workerOf, example } from '../desktop/app/checks/check.ts';
import { AppStage } from '../desktop/app/stage.ts';
import type { Application } from '../desktop/driver/application.ts';
import { pickElectron } from '../desktop/driver/electron.ts';
import { until } from '../desktop/until.ts';

const STARTS = 20;
const IDLE_RUNS = 5;
const IDLE_MS = 12_000;
/** A worker that has read gives its memory back after this. */
const QUIET_MS = 5000;
/** What the kernel counts processor time in: USER_HZ, 100 a second on Linux. */
const TICK_MS = 10;

/** The application on the test bench: how soon a line is a notification and a start an icon, and what waiting costs. */
const bench: Bench = {
  name: 'desktop',
  async run() {
    const stage = await AppStage.open(pickElectron);
    console.error(stage.says);
    try {
      const starts: number[] = [];
      const notifications: number[] = [];
      for (let run = 0; run < STARTS; run++) {
        await stage.perform({
          name: 'an alert',
          async run(application) {
            starts.push(await start(application));
            notifications.push(await alert(application));
          },
        });
      }
      const rows: Row[] = [
        { what: 'start to tray icon on the bus', unit: 'ms', samples: starts },
        { what: 'line to notification on the bus', unit: 'ms', samples: notifications },
        { what: 'the same, 95th percentile', unit: 'ms', samples: starts.map(() => percentile(notifications, 0.95)) },
      ];
      await stage.perform({
        name: 'waiting',
        async run(application) {
          rows.push(...(await waiting(application)));
        },
      });
      return rows;
    } finally {
      await stage.close();
    }
  },
};
export default bench;

async function start(application: Application): Promise<number> {
  const began = performance.now();
  application.start(['--hidden']);
  await until('the tray icon', async () => (await application.tray.items()).length > 0, { every: 2 });
  return performance.now() - began;
}

/** Ordinary work was read before, so the models are awake, as after any start with a log. */
async function alert(application: Application): Promise<number> {
  application.append(...example.quiet);
  await application.tray.waitForToolTip(/Watching 2 users · last event/);
  await pause(1500);
  application.append(...example.untilAlert.slice(0, -1));
  await pause(500);
  const appended = performance.now();
  application.append(example.untilAlert.at(-1)!);
  const { at } = await application.notifications.waitFor(/^alice/);
  return at - appended;
}

async function waiting(application: Application): Promise<Row[]> {
  const main = await startWatching(application);
  const { pid: worker } = await workerOf(main);
  await pause(QUIET_MS);
  const idle: number[] = [];
  const alone: number[] = [];
  for (let run = 0; run < IDLE_RUNS; run++) {
    const before = ticks(main) + ticks(worker);
    await pause(IDLE_MS);
    idle.push((100 * (ticks(main) + ticks(worker) - before) * TICK_MS) / IDLE_MS);
    alone.push(megabytes(main) + megabytes(worker));
  }
  await application.tray.activate();
  await application.windows.waitFor(1);
  const withWindow: number[] = [];
  for (let run = 0; run < IDLE_RUNS; run++) {
    await pause(1000);
    withWindow.push(megabytes(main) + megabytes(worker));
  }
  return [
    { what: 'processor of main and worker, waiting', unit: '% of a core', samples: idle },
    { what: 'memory of main and worker, no window', unit: 'MB', samples: alone },
    { what: 'memory of main and worker, one window', unit: 'MB', samples: withWindow },
  ];
}

/** Processor time of a process so far, in ticks: fields 14 and 15 of proc_pid_stat(5). */
function ticks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return user + system;
}

const megabytes = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1000;

function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? median(samples);
}
