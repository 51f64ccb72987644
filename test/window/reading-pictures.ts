/**
 * `npm run readings -- FOLDER`: the first screenful of the alert of each attack of the example that was found, as a phone and a laptop show it,
 * to be read by somebody who knows nothing of them: who, when, from where, what, and what to do first. `… FOLDER PAST,TEST,LABELS …`: of any
 * sets of attacks, osquery's logs and labels as `ubad simulate --labels` writes them. What number is which attack stands in key.txt there.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { fusedEngine } from '../../models/fused.ts';
import { machineOf } from '../../src-main/contract/subjects.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import type { Store } from '../../src-main/engine/store/store.ts';
import { exampleLabels, openExample } from '../../src-main/example/prepare.ts';
import { exampleLabels as labelsFile, exampleLog, replay } from '../../src-main/example/source.ts';
import type { Label } from '../../src-main/simulate/simulate.ts';
import { Backend } from './stage/backend.ts';
import { Stage } from './stage/browser.ts';

const VIEWPORTS = { 360: { width: 360, height: 760 }, 1440: { width: 1440, height: 900 } } as const;
/** An alert finds an attack in it, or this many seconds after it. */
const AFTER = 3600;
const repository = join(import.meta.dirname, '..', '..');

process.env.TZ = 'UTC';
const [folder, ...sets] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name a folder for the pictures: npm run readings -- FOLDER');
const to = folder;
const work = mkdtempSync(join(tmpdir(), 'ubad-readings-'));
const stage = await Stage.open();
const key: string[] = [];

/** Reads a set as a log that goes on, and takes the pictures of what was found. */
async function read(root: string, state: string, models: 'shipped' | 'trained'): Promise<void> {
  const options = {
    state,
    algorithm: 'both',
    seed: 1,
    windowLength: 50,
    trainAfter: 3000,
    math: fusedEngine(),
    pack: defaultPack(),
    sensitivity: { alertsPerDay: 1 / 7 },
    now: () => Date.now() / 1000,
  } as const;
  const opened = await openExample(options, { notice: console.error }, { root, models });
  if (!opened.ok) throw new Error(opened.problem.message);
  const { engine } = opened;
  let found: { alert: number; attack: string }[];
  try {
    for await (const batch of replay({ root, part: 'week' })) {
      engine.ingest(batch);
      await engine.trainDue();
    }
    found = foundIn(engine.store, exampleLabels(root));
  } finally {
    engine.close();
  }
  const backend = new Backend({ state });
  try {
    await backend.start();
    for (const { alert, attack } of found) {
      const number = String(key.length + 1).padStart(2, '0');
      key.push(`${number} ${attack}`);
      for (const viewport of [360, 1440] as const) await take(backend, alert, viewport, number);
    }
  } finally {
    await backend.stop();
  }
}

/** The first alert of each attack, oldest first. */
function foundIn({ incidents, subjects }: Store, attacks: readonly Label[]): { alert: number; attack: string }[] {
  const told = incidents.list({ limit: 100_000 }).sort((a, b) => a.firstTime - b.firstTime);
  const found = attacks.flatMap(({ id, user, host, from, to: until }) => {
    const isOf = (subjectId: number): boolean => {
      const name = subjects.byId(subjectId)?.name;
      return name === user || name === machineOf(host);
    };
    const alert = told.find((one) => isOf(one.subjectId) && one.firstTime >= from && one.firstTime <= until + AFTER);
    return alert ? [{ alert: alert.id, attack: `${id} (${user}), alert ${alert.id}`, at: alert.firstTime, from }] : [];
  });
  // One that tells of two attacks is of the one that had just begun.
  return found
    .filter(({ alert, from }) => found.every((other) => other.alert !== alert || other.from <= from))
    .sort((a, b) => a.at - b.at);
}

async function take(from: Backend, alert: number, width: keyof typeof VIEWPORTS, number: string): Promise<void> {
  const look = { timezoneId: 'UTC', viewport: VIEWPORTS[width], colorScheme: 'light', locale: 'en-GB' } as const;
  const page = await stage.page(from, `#/alerts/${alert}`, look);
  await page.locator('section.head').waitFor();
  await page.waitForFunction(() => document.querySelector('.loading') === null);
  // Of what is drawn in the next frame.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.screenshot({ path: join(to, String(width), `${number}.png`) });
  await page.context().close();
}

try {
  for (const viewport of Object.keys(VIEWPORTS)) mkdirSync(join(to, viewport), { recursive: true });
  if (sets.length === 0) await read(repository, join(work, 'example'), 'shipped');
  for (const [s, set] of sets.entries()) {
    const root = join(work, String(s));
    mkdirSync(join(root, 'data', 'example'), { recursive: true });
    const [past, test, labels, ...more] = set.split(',').map((file) => resolve(file));
    if (past === undefined || test === undefined || labels === undefined || more.length > 0)
      throw new Error(`${set}: name a set as PAST,TEST,LABELS`);
    symlinkSync(past, exampleLog(root, 'past'));
    symlinkSync(test, exampleLog(root, 'week'));
    symlinkSync(labels, labelsFile(root));
    await read(root, join(work, `state-${s}`), 'trained');
  }
  writeFileSync(join(to, 'key.txt'), key.map((line) => `${line}\n`).join(''));
} finally {
  await stage.close();
  rmSync(work, { recursive: true, force: true });
}
for (const complaint of new Set(stage.complaints)) console.error(`The page said: ${complaint}`);
