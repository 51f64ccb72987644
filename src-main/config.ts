import { existsSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';

import Conf from 'conf';

import { algorithms, type Algorithm } from '../models/algorithm.ts';
import { mathEngines, type MathEngineName } from '../models/math-engine.ts';

/** What a user can set; the same file serves the CLI and the desktop. */
export interface Config {
  /** osquery's results log. */
  log: string;
  algorithm: Algorithm;
  /** Who does the models' arithmetic. */
  engine: MathEngineName;
  /** Folder of the database and the models. */
  state: string;
  seed: number;
  /** Actions of a user before the first training. */
  trainAfter: number;
  /** Alerts on normal behaviour that the user accepts, a week: it sets the line from which a window alarms. */
  alertsPerWeek: number;
  /** That line itself, as z of a window, instead. */
  alarm: number | null;
  keepDays: number;
  keepMegabytes: number;
  /** Weight of a query's actions, 0…10, over the pack's own: 0 stores, but never judges. */
  scores: Record<string, number>;
}

/** An XDG base directory: the variable when it is absolute, as the specification wants, else the default. */
function xdg(variable: string, fallback: string): string {
  const value = process.env[variable];
  return join(value !== undefined && isAbsolute(value) ? value : join(homedir(), fallback), 'ubad');
}

export const configFile = (): string => join(xdg('XDG_CONFIG_HOME', '.config'), 'config.json');

const schema = {
  log: { type: 'string', minLength: 1, default: '/var/log/osquery/osqueryd.results.log' },
  algorithm: { type: 'string', enum: [...algorithms], default: 'lstm' },
  engine: { type: 'string', enum: [...mathEngines], default: 'fused' },
  state: { type: 'string', default: '' },
  seed: { type: 'integer', minimum: 0, maximum: 4294967295, default: 1 },
  trainAfter: { type: 'integer', minimum: 1000, maximum: 100_000, default: 3000 },
  alertsPerWeek: { type: 'number', minimum: 0.01, maximum: 700, default: 1 },
  alarm: { type: ['number', 'null'], minimum: 1, maximum: 8, default: null },
  keepDays: { type: 'number', minimum: 1, default: 180 },
  keepMegabytes: { type: 'number', minimum: 10, default: 2000 },
  scores: { type: 'object', additionalProperties: { type: 'number', minimum: 0, maximum: 10 }, default: {} },
} as const;

export const configKeys = Object.keys(schema) as (keyof Config)[];

export interface OpenConfig {
  readonly config: Config;
  /** @throws Error with what is wrong when the schema does not allow the value */
  set(key: keyof Config, value: unknown): void;
  /** Said once to the user: the file was broken and is kept aside. */
  readonly notice: string | undefined;
}

/**
 * Opens a configuration file; one that does not exist has the defaults. A broken file is kept aside and never fatal.
 * @param file absolute
 * @throws Error saying which setting of the file is wrong
 */
export function openConfig(file = configFile()): OpenConfig {
  const notice = putAsideWhenBroken(file);
  const store = confOn(file);
  const config = { ...store.store };
  if (config.state === '') config.state = xdg('XDG_STATE_HOME', '.local/state');
  return {
    config,
    set: (key, value) => {
      store.set(key, value as never);
    },
    notice,
  };
}

/** @throws Error saying which setting of which file is wrong, and how to change it */
function confOn(file: string): Conf<Config> {
  const name = basename(file);
  try {
    return new Conf<Config>({
      cwd: dirname(file),
      configName: name.replace(/\.json$/, ''),
      fileExtension: name.endsWith('.json') ? 'json' : '',
      projectName: 'ubad',
      configFileMode: 0o600,
      accessPropertiesByDotNotation: false,
      schema,
    });
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('Config schema violation')) throw error;
    throw new Error(`${file}: ${error.message.replace(/^Config schema violation: /, '')}. Change it in the file.`, {
      cause: error,
    });
  }
}

function putAsideWhenBroken(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const aside = `${file}.broken`;
  renameSync(file, aside);
  return `${file} is not a JSON object; it was kept as ${aside} and the defaults are used.`;
}
