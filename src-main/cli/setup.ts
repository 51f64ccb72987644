import { isAbsolute, resolve } from 'node:path';

import { algorithms, type Algorithm } from '../../models/algorithm.ts';
import { mathEngines, type MathEngineName } from '../../models/math-engine.ts';
import { configFile, openConfig, type Config, type OpenConfig } from '../settings/config.ts';
import { usualAlgorithm } from '../contract/settings.ts';
import type { EngineOptions } from '../engine/options.ts';
import { openStore } from '../engine/store/open.ts';
import type { Store } from '../engine/store/store.ts';
import { loadMathEngine } from '../math/load.ts';
import { optionsOf } from '../settings/engine-options.ts';
import { trainInThread } from '../training/train-in-thread.ts';
import { exitCodes, Failure } from './failure.ts';
import { tellUser } from './output.ts';

/** Options that many commands share. */
export interface Shared {
  readonly config?: string;
  readonly state?: string;
  readonly algorithm?: string;
  /** False: only the models judge. */
  readonly facts?: boolean;
  readonly engine?: string;
  readonly subject?: string;
  readonly seed?: string;
}

/** … and those that print. */
export interface InspectOptions extends Shared {
  readonly json?: boolean;
}

export const now = (): number => Math.floor(Date.now() / 1000);

export function openSharedConfig({ config }: Shared): OpenConfig {
  let opened: OpenConfig;
  try {
    opened = openConfig(config === undefined ? configFile() : resolve(config));
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error), exitCodes.unreadable);
  }
  if (opened.notice !== undefined) tellUser(opened.notice);
  return opened;
}

/** The configuration with the command line's options over it. @throws Failure for an option that cannot be */
export function settingsOf(shared: Shared): Config & { readonly algorithm: Algorithm } {
  const { config } = openSharedConfig(shared);
  return {
    ...config,
    state: resolve(shared.state ?? config.state),
    algorithm: algorithmOf(shared.algorithm) ?? config.algorithm ?? usualAlgorithm.commandLine,
    facts: shared.facts !== false && config.facts,
    engine: mathEngineOf(shared.engine) ?? config.engine,
    seed: seedOf(shared.seed) ?? config.seed,
  };
}

/** Says once what more there would be, where nobody chose who judges. */
export function tellUsual(shared: Shared): void {
  if (shared.algorithm !== undefined || openSharedConfig(shared).config.algorithm !== null) return;
  tellUser(
    'judging by «lstm», as the original project did; --algorithm both asks four more detectors too and finds more strangers.',
  );
}

export function algorithmOf(text: string | undefined): Algorithm | undefined {
  if (text === undefined) return undefined;
  const found = algorithms.find((algorithm) => algorithm === text.toLowerCase());
  if (!found) throw new Failure(`--algorithm «${text}»: use one of ${algorithms.join(', ')}.`, exitCodes.usage);
  return found;
}

function mathEngineOf(text: string | undefined): MathEngineName | undefined {
  if (text === undefined) return undefined;
  const found = mathEngines.find((name) => name === text);
  if (!found) throw new Failure(`--engine «${text}»: use one of ${mathEngines.join(', ')}.`, exitCodes.usage);
  return found;
}

export function seedOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seed = Number(text);
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new Failure(`--seed «${text}»: use a whole number from 0 to 4294967295.`, exitCodes.usage);
  }
  return seed;
}

/** @throws MissingPackage when what does the arithmetic is not installed */
export async function engineOptions(config: Config, subject: string | undefined): Promise<EngineOptions> {
  const math = await loadMathEngine(config.engine);
  if (math.name !== 'fused') tellUser(`engine ${math.name}: ${math.backend}`);
  return { ...optionsOf(config, math), train: trainInThread, now, ...(subject !== undefined && { subject }) };
}

/** Opens the database of a state folder. @throws Failure saying what is wrong with it */
export function openState(state: string, readOnly: boolean): Store {
  const opened = openStore(state, { now: now(), readOnly });
  if (!opened.ok) throw new Failure(opened.problem.message, exitCodes.state);
  return opened.store;
}

/** Runs on the store of the options' state folder and closes it. */
export function withStore(options: Shared, readOnly: boolean, work: (store: Store, state: string) => void): void {
  const { state } = settingsOf(options);
  const store = openState(state, readOnly);
  try {
    work(store, state);
  } finally {
    store.close();
  }
}

/** A log as the checkpoint names it. */
export const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(path));
