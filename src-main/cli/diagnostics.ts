import { readFileSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, freemem, release, totalmem } from 'node:os';
import { resolve } from 'node:path';

import packageJson from '../../package.json' with { type: 'json' };
import type { Config } from '../settings/config.ts';
import { visibleJson } from '../contract/visible-text.ts';
import { bytesOf, cannotBeUsed } from '../engine/models/folder.ts';
import { defaultPack, type Pack } from '../engine/reading/pack.ts';
import { openStore } from '../engine/store/open.ts';
import { migrations } from '../engine/store/schema.ts';
import type { Store } from '../engine/store/store.ts';
import { examine } from '../host/doctor/examine.ts';
import { tailOf } from '../own-log/tail.ts';
import { statusIn } from './doctor.ts';
import { exitCodes, Failure } from './failure.ts';
import { say } from './output.ts';
import { absolute, now, settingsOf, type Shared } from './setup.ts';

/** Of the program's own log, the newest. */
const MOST_ENTRIES = 300;

/** Whether a setting is told: only what says nothing of a person or a place. */
const TOLD: Readonly<Record<keyof Config, boolean>> = {
  algorithm: true,
  engine: true,
  seed: true,
  trainAfter: true,
  alertsPerWeek: true,
  facts: true,
  alarm: true,
  lstmUnits: true,
  lstmEpochs: true,
  lstmDropout: true,
  lstmBatch: true,
  svmNu: true,
  svmGamma: true,
  keepDays: true,
  keepMegabytes: true,
  log: false,
  state: false,
  scores: false,
  original: false,
  quietHours: false,
  theme: false,
  trayIcon: false,
};

/**
 * `ubad diagnostics FILE`: what helps somebody else to find a fault, in one private file that may be handed on. Only
 * numbers and words of our own are put in, never a text that was read: no user, host, path, command or message. Whose
 * and which are told apart by numbers.
 */
export async function diagnostics(file: string, options: Shared): Promise<void> {
  const settings = settingsOf(options);
  const at = now();
  const { steps } = await examine({
    host: 'terminal',
    log: absolute(settings.log),
    status: statusIn(settings.state),
    now: at,
  });
  const bundle = {
    format: 'ubad diagnostics',
    version: 1,
    madeAt: at,
    program: packageJson.version,
    node: process.version,
    machine: machine(),
    settings: Object.fromEntries(Object.entries(settings).filter(([name]) => TOLD[name as keyof Config])),
    // Why it is so names paths and people: ubad doctor tells it here.
    doctor: steps.map(({ id, state }) => ({ id, state })),
    store: storeOf(settings.state, at),
    log: tailOf(settings.state, MOST_ENTRIES),
  };
  const to = resolve(file);
  try {
    writeFileSync(to, `${visibleJson(bundle, 2)}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const why = code === 'EEXIST' ? 'exists already; name a new file' : `cannot be written (${code})`;
    throw new Failure(`${to} ${why}.`, exitCodes.usage);
  }
  say(`${to}: look through it before you hand it on; it names nobody and nothing`);
}

function machine(): Readonly<Record<string, unknown>> {
  const [memory, free] = [totalmem(), freemem()].map((bytes) => Math.round(bytes / 1e6));
  // A kernel of one's own may have any name behind its numbers.
  const kernel = /^\d+(\.\d+)*/.exec(release())?.[0] ?? null;
  return { system: systemOf(), kernel, arch: arch(), cores: availableParallelism(), megabytes: { memory, free } };
}

/** Such as «debian 13»; null where it is not said. */
function systemOf(): string | null {
  try {
    const text = readFileSync('/etc/os-release', 'utf8');
    const [id, version] = ['ID', 'VERSION_ID'].map(
      (key) => new RegExp(`^${key}="?([\\w.-]{1,30})`, 'm').exec(text)?.[1],
    );
    return id === undefined ? null : [id, version].filter((one) => one !== undefined).join(' ');
  } catch {
    return null;
  }
}

function storeOf(state: string, at: number): unknown {
  const opened = openStore(state, { now: at, readOnly: true });
  if (!opened.ok) return { problem: opened.problem.kind, knownSchema: migrations.length };
  const { store } = opened;
  try {
    const pack = defaultPack();
    return {
      problem: null,
      knownSchema: migrations.length,
      ...store.sizes(),
      users: store.subjects.list().map((subject, s) => userOf(store, subject, s, at)),
      models: modelsOf(store, pack, at),
      refused: numbered(store.refusals.counts(), ({ path, reason, count }, number) => {
        return { log: number('log', path), reason, count };
      }),
      lost: numbered(store.losses.list(), ({ host, query, count }, number) => {
        const known = pack.learning.has(query) ? query : number('query', query);
        return { host: number('host', host), query: known, count };
      }),
      read: store.checkpoints.list().map(({ checkpoint: { line, offset } }) => ({ line, offset })),
    };
  } finally {
    store.close();
  }
}

type Subject = ReturnType<Store['subjects']['list']>[number];

const userOf = (store: Store, { id, name, stored, lastSeen }: Subject, s: number, at: number): unknown => ({
  user: s + 1,
  // How it is known whose something is, not who that is.
  kind: /^(host|uid):/.exec(name)?.[1] ?? 'name',
  actions: stored,
  quietSeconds: Math.max(0, Math.round(at - lastSeen)),
  openAlerts: store.incidents.countOpen(id),
});

function modelsOf(store: Store, pack: Pack, at: number): unknown {
  const users = store.subjects.list().map(({ id }) => id);
  return store.versions.list().map(({ subjectId, algorithm, active, createdAt, folder, manifest }) => ({
    user: users.indexOf(subjectId) + 1,
    algorithm,
    active,
    ageSeconds: Math.round(at - createdAt),
    bytes: bytesOf(folder),
    usable: cannotBeUsed({ folder, manifest }, pack) === undefined,
  }));
}

/** Names, each kind by itself, as numbers in the order in which they come. */
function numbered<T>(
  list: readonly T[],
  told: (one: T, number: (kind: string, name: string) => string) => unknown,
): unknown[] {
  const known = new Map<string, string[]>();
  const number = (kind: string, name: string): string => {
    const names = known.get(kind) ?? [];
    known.set(kind, names);
    if (!names.includes(name)) names.push(name);
    return `${kind} ${names.indexOf(name) + 1}`;
  };
  return list.map((one) => told(one, number));
}
