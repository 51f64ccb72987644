import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { Action } from '../../../models/action.ts';
import { fusedEngine } from '../../../models/fused.ts';
import { moveReference, returnToReference } from '../../../src-main/engine/model-lifecycle/drift-check.ts';
import { Engine } from '../../../src-main/engine/engine.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import type { Manifest } from '../../../src-main/engine/models/manifest.ts';
import type { LogEvent } from '../../../src-main/contract/log-events.ts';
import { slowDrift } from '../../attacks.ts';
import { ordinary, stranger } from '../../models/ordinary.ts';
import { scratch } from '../../scratch.ts';
import { batchOf, lineOf } from '../log-lines.ts';

const TAKES = 20_000;
const BATCH = 250;
const engines: Engine[] = [];
afterEach(() => {
  for (const engine of engines.splice(0)) engine.close();
});

/** An engine that reads what one user does, and what it says of slow change. */
class Bench {
  readonly state: string;
  readonly asked: string[];
  engine: Engine;
  #number: number;

  /** @param before whose state it was */
  constructor(state = join(scratch(), 'state'), before?: Bench) {
    this.state = state;
    this.asked = [...(before?.asked ?? [])];
    this.#number = before ? before.#number : 1;
    this.engine = this.#open();
  }

  #open(): Engine {
    const notice = (text: string, { what }: LogEvent): void => {
      if (what === 'slow-change') this.asked.push(text);
    };
    const opened = Engine.open(
      {
        state: this.state,
        pack: defaultPack(),
        algorithm: 'ocsvm',
        seed: 1,
        windowLength: 50,
        trainAfter: 1500,
        sensitivity: { alertsPerDay: 1 },
        subject: 'alice',
        math: fusedEngine(),
        now: () => 1_800_000_000,
      },
      { notice },
    );
    if (!opened.ok) throw new Error(opened.problem.message);
    engines.push(opened.engine);
    return opened.engine;
  }

  reopen(): void {
    this.engine.close();
    this.engine = this.#open();
  }

  async read(actions: readonly Action[]): Promise<void> {
    for (let at = 0; at < actions.length; at += BATCH) {
      const lines = actions.slice(at, at + BATCH).map((action) => lineOf(action));
      this.engine.ingest(batchOf(lines, this.#number));
      this.#number += lines.length;
      await this.engine.trainDue();
    }
  }

  get subject() {
    return this.engine.store.subjects.byName('alice')!;
  }

  /** Actions that the model in use was trained on. */
  get trainedOn(): number {
    const { manifest } = this.engine.store.versions.active(this.subject.id, 'ocsvm')!;
    return (manifest as Manifest).training.actions;
  }

  get reference() {
    return this.engine.store.subjectState.reference(this.subject.id);
  }

  /** Share of these at whose windows an alarm is raised. */
  async alarms(actions: readonly Action[]): Promise<number> {
    const { store } = this.engine;
    const last = store.actions.last(this.subject.id, 1)[0]!.id;
    await this.read(actions);
    const stored = [...store.actions.after(this.subject.id, last)];
    return stored.filter(({ id }) => (store.scores.of(id)?.incidentId ?? null) !== null).length / stored.length;
  }
}

/** A stranger has taken over so slowly that he is normal now. */
let taken: Bench;
beforeAll(async () => {
  taken = new Bench();
  await taken.read(ordinary(1500));
  await taken.read(slowDrift(ordinary(TAKES, 51), stranger(TAKES), 1));
  await taken.read(stranger(2000));
  taken.engine.close();
}, 300_000);

function takenOver(): Bench {
  const state = join(scratch(), 'state');
  cpSync(taken.state, state, { recursive: true });
  return new Bench(state, taken);
}

describe('a stranger who takes over slowly', () => {
  it('is asked about once, and the first model stays however many come after it', async () => {
    const bench = takenOver();
    expect(await bench.alarms(stranger(400))).toBeLessThan(0.1);
    expect(bench.asked).toHaveLength(1);
    expect(bench.asked[0]).toMatch(/^alice works otherwise than on 2025-06-1\d, .* \d\d % would have then\./);
    const [first] = bench.engine.store.versions.list();
    expect(bench.reference).toMatchObject({ version: first!.id, asked: true });
    expect(first!.manifest).toMatchObject({ training: { actions: 1500 } });
  }, 120_000);

  it('alarms again once the user said that it was not him, also after a restart and a new training', async () => {
    const bench = takenOver();
    const { store } = bench.engine;
    expect(
      store.transaction(() => returnToReference(store, bench.state, bench.subject, 1_800_000_000)),
    ).toBeUndefined();
    bench.reopen();
    expect(await bench.alarms(stranger(300))).toBeGreaterThan(0.8);
    expect(bench.trainedOn).toBeGreaterThan(1500);
    bench.reopen();
    expect(await bench.alarms(stranger(300))).toBeGreaterThan(0.8);
    // The user's own work is as normal as it was, once the stranger's has left the windows and the alert is over.
    const own = ordinary(600, 2);
    await bench.read(own.slice(0, 100));
    expect(await bench.alarms(own.slice(100))).toBe(0);
  }, 120_000);

  it('is normal for good once the user said that it was him', async () => {
    const bench = takenOver();
    const { store } = bench.engine;
    store.transaction(() => {
      moveReference(store, bench.subject, store.versions.active(bench.subject.id, 'ocsvm')!);
    });
    await bench.read(stranger(6000));
    expect(bench.asked).toHaveLength(1);
    expect(bench.reference).toMatchObject({ asked: false });
    expect(bench.reference!.share!).toBeLessThan(0.1);
  }, 300_000);
});

it('the command tells what is known, and takes the answer', () => {
  const bench = takenOver();
  const first = bench.reference!.version;
  bench.engine.close();
  const ubad = (...words: string[]) =>
    spawnSync(process.execPath, ['src-main/cli.ts', 'models', 'anchor', 'alice', '--state', bench.state, ...words], {
      encoding: 'utf8',
      env: { ...process.env, XDG_CONFIG_HOME: scratch() },
    });
  expect(ubad().stdout).toMatch(
    /^alice is held against version \d+ of 2025-06-1.* would have alarmed then: \d{2,3} % .*\nWas that the user\?/,
  );
  expect(ubad('--mine', '--not-mine').status).toBe(2);
  expect(ubad('--not-mine')).toMatchObject({ status: 0, stderr: '' });
  bench.reopen();
  expect(bench.reference!.version).toBeGreaterThan(first);
  bench.engine.close();
  expect(ubad('--mine')).toMatchObject({ status: 0, stderr: '' });
  expect(ubad().stdout).toContain('not looked at yet');
}, 60_000);

it('of a user with habits nobody is asked', async () => {
  const bench = new Bench();
  await bench.read(ordinary(12_000));
  expect(bench.asked).toEqual([]);
  expect(bench.reference!.share!).toBeLessThan(0.1);
}, 120_000);
