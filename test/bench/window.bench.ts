import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import type { Action } from '../../models/action.ts';
import type { Bench } from '../../scripts/bench/bench.ts';
import { openStore } from '../../src-main/engine/store/open.ts';
import { ordinary } from '../models/ordinary.ts';
import { Backend } from '../window/stage/backend.ts';
import { Stage } from '../window/stage/browser.ts';

const ACTIONS = 1_000_000;
const BATCH = 10_000;
const RUNS = 7;
const MONTH = 30 * 86_400;
/** Actions of the user whose month is looked at, in that month. */
const IN_MONTH = 100_000;

/** The window over a store of a million actions: what a person waits for, and what the page holds in memory. */
const bench: Bench = {
  name: 'window',
  async run() {
    const state = mkdtempSync(join(tmpdir(), 'ubad-bench-'));
    const now = Math.floor(Date.now() / 1000);
    fill(join(state, 'state'), now);
    const backend = new Backend({ state: join(state, 'state'), trainAfter: 100_000 });
    const stage = await Stage.open();
    try {
      await backend.start();
      const overview: number[] = [];
      const timeline: number[] = [];
      const gone: number[] = [];
      const resident: number[] = [];
      const zoom: number[] = [];
      const memory: number[] = [];
      // The first of each warms caches and does not count: the file's pages, and the browser's code.
      for (let run = 0; run <= RUNS; run++) {
        const opened = await stage.page(backend, '#/');
        const painted = await paintedAfter(opened, 'article');
        const address = `#/timeline/user-0?from=${now - MONTH}&to=${now}`;
        const went = await goneTo(opened, address);
        const month = await stage.page(backend, address);
        const drawn = await paintedAfter(month, 'canvas');
        const zoomed = await again(month);
        const held = await heapOf(month);
        const whole = await processOf(month);
        await opened.context().close();
        await month.context().close();
        if (run === 0) continue;
        overview.push(painted);
        timeline.push(drawn);
        gone.push(went);
        resident.push(whole);
        zoom.push(zoomed);
        memory.push(held);
      }
      return [
        { what: `open → Overview painted, ${ACTIONS} actions`, unit: 'ms', samples: overview },
        { what: `open → a month of ${IN_MONTH} actions painted`, unit: 'ms', samples: timeline },
        { what: 'from the Overview to the same month painted', unit: 'ms', samples: gone },
        { what: 'from the wheel to the next frame', unit: 'ms', samples: zoom },
        { what: 'memory of the page, JavaScript and its documents', unit: 'MB', samples: memory },
        {
          what: 'memory of the page’s process, what it shares divided among the sharers',
          unit: 'MB',
          samples: resident,
        },
      ];
    } finally {
      await stage.close();
      await backend.stop();
      rmSync(state, { recursive: true, force: true });
    }
  },
};

/** Four users over half a year; a tenth of all are the first one's last month. */
function fill(folder: string, now: number): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const opened = openStore(folder, { now });
  if (!opened.ok) throw new Error(opened.problem.message);
  const { store } = opened;
  const kinds: readonly Action[] = ordinary(500);
  const users = [0, 1, 2, 3];
  const [rest, past] = [ACTIONS - IN_MONTH, 150 * 86_400];
  const timeOf = (at: number): number =>
    at < rest
      ? now - MONTH - past + Math.floor((past * at) / rest)
      : now - MONTH + Math.floor((MONTH * (at - rest)) / IN_MONTH);
  for (let first = 0; first < ACTIONS; first += BATCH) {
    store.transaction(() => {
      const ids = users.map((user) => store.subjects.ensure(`user-${user}`, timeOf(first)));
      store.actions.append(
        Array.from({ length: BATCH }, (_, i) => {
          const at = first + i;
          const action = { ...kinds[at % kinds.length]!, time: timeOf(at) };
          const subjectId = at < rest ? ids[at % ids.length]! : ids[0]!;
          return { subjectId, action, host: 'desk', path: '/var/log/results.log', line: at + 1 };
        }),
      );
    });
  }
  store.close();
}

/** Milliseconds from the navigation's beginning until a frame was drawn with what this selects in it. */
async function paintedAfter(page: Page, selector: string): Promise<number> {
  await page.locator(selector).first().waitFor();
  return page.evaluate(
    (wanted) =>
      new Promise<number>((done) => {
        requestAnimationFrame(() => {
          requestAnimationFrame((time) => {
            if (document.querySelector(wanted)) done(time);
          });
        });
      }),
    selector,
  );
}

/** Milliseconds from a click on a link in an open window until what it leads to is drawn. */
async function goneTo(page: Page, address: string): Promise<number> {
  return page.evaluate(
    (hash) =>
      new Promise<number>((done) => {
        const before = performance.now();
        location.hash = hash;
        const look = (): void => {
          requestAnimationFrame((time) => {
            if (document.querySelector('canvas'))
              requestAnimationFrame(() => {
                done(performance.now() - before);
              });
            else if (time - before < 30_000) look();
          });
        };
        look();
      }),
    address,
  );
}

/** Proportional set size (proc_pid_smaps(5)) of the renderer process of a page. */
async function processOf(page: Page): Promise<number> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))?.[1]) / 1000);
  // Beside the page's own there may be a spare one that shows nothing yet.
  return Math.max(...sizes);
}

/** Milliseconds of the page's own work for one turn of the wheel on the chart. */
const again = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((done) => {
        const canvas = document.querySelector('canvas')!;
        const { left, top, width } = canvas.getBoundingClientRect();
        const before = performance.now();
        canvas.dispatchEvent(
          new WheelEvent('wheel', { deltaY: 120, clientX: left + width / 2, clientY: top + 40, cancelable: true }),
        );
        requestAnimationFrame(() => {
          setTimeout(() => {
            done(performance.now() - before);
          });
        });
      }),
  );

async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const {
    usedSize,
    embedderHeapUsedSize = 0,
    backingStorageSize = 0,
  } = (await session.send('Runtime.getHeapUsage')) as {
    usedSize: number;
    embedderHeapUsedSize?: number;
    backingStorageSize?: number;
  };
  return (usedSize + embedderHeapUsedSize + backingStorageSize) / 1e6;
}

export default bench;
