import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';

import { toJsonSchema } from '@valibot/to-json-schema';
import Conf, { type Schema } from 'conf';
import * as v from 'valibot';

import { withoutInvalid, type RawSettings } from './repair.ts';
import { message } from '../contract/story/messages.ts';
import { settingsSchema, type Settings } from '../contract/settings.ts';

/** What a user can set; the same file serves the CLI and the desktop. */
export type Config = Settings;

/** An XDG base directory: the variable when it is absolute, as the specification wants, else the default. */
function xdg(variable: string, fallback: string): string {
  const value = process.env[variable];
  return join(value !== undefined && isAbsolute(value) ? value : join(homedir(), fallback), 'ubad');
}

export const configFile = (): string => join(xdg('XDG_CONFIG_HOME', '.config'), 'config.json');

export const stateFolder = (): string => xdg('XDG_STATE_HOME', '.local/state');

/** What may be deleted at any time: the window's own cache. */
export const cacheFolder = (): string => xdg('XDG_CACHE_HOME', '.cache');

/** The settings as Conf and electron-store check them, each with its default. */
export const jsonSchema = toJsonSchema(settingsSchema, {
  // Its checker reads every pattern with the flag `u`, as JSON schema asks.
  overrideAction: ({ valibotAction, jsonSchema }) =>
    'requirement' in valibotAction && valibotAction.requirement instanceof RegExp
      ? { ...jsonSchema, pattern: valibotAction.requirement.source }
      : undefined,
  // "Or null" as a second type: of two alternatives a person would be told what is wrong with either.
  overrideSchema: ({ jsonSchema: { anyOf, ...rest } }) => {
    const [first, second] = anyOf ?? [];
    if (typeof first !== 'object' || typeof second !== 'object' || second.type !== 'null') return undefined;
    const values = first.enum ? { enum: [...first.enum, null] } : {};
    return { ...rest, ...first, ...values, type: [first.type as 'string', 'null'] };
  },
}).properties as Schema<Config>;

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
  if (file === configFile()) makePrivate(dirname(file));
  else makeMissing(dirname(file));
  const notice = putAsideWhenBroken(file);
  const { read, set } = accessTo(file);
  const config = { ...read };
  if (config.state === '') config.state = stateFolder();
  return { config, set, notice };
}

interface Access {
  readonly read: Config;
  readonly set: OpenConfig['set'];
}

/** A file that cannot be written, on a full or read-only disk, is still read. */
function accessTo(file: string): Access {
  try {
    const store = confOn(file);
    return {
      read: store.store,
      set: (key, value) => {
        named(file, () => {
          store.set(key, value as never);
        });
      },
    };
  } catch (error) {
    if (!isOfDisk(error)) throw error;
    const { kept } = withoutInvalid(existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RawSettings) : {});
    return {
      read: v.parse(settingsSchema, kept),
      set: () => {
        named(file, () => {
          throw error;
        });
      },
    };
  }
}

const isOfDisk = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'code' in error;

/** @throws Error naming the file and the remedy, where the disk does not take it */
function named(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!isOfDisk(error)) throw error;
    const { code = 'unknown' } = error;
    const remedy =
      code === 'ENOSPC' || code === 'EDQUOT'
        ? 'the disk is full. Free some space, and try again'
        : `${code}. See to its permissions and whether its disk is mounted read-only`;
    throw new Error(`${file} cannot be written: ${remedy}. Nothing was changed.`, { cause: error });
  }
}

/**
 * The program's own folder, made where it is missing. Whoever could write in it could put other settings in the place, so
 * that is taken from others, whatever umask it was made with. What cannot be changed is told by whoever writes there.
 */
export function makePrivate(folder: string): void {
  makeMissing(folder);
  try {
    const { uid, mode } = statSync(folder);
    if (uid === process.geteuid?.() && (mode & 0o022) !== 0) chmodSync(folder, mode & 0o7755);
  } catch {
    // It is not there, or another's.
  }
}

function makeMissing(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    // Said by whoever reads the file.
  }
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
      schema: jsonSchema,
    });
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('Config schema violation')) throw error;
    throw new Error(`${file}: ${error.message.replace(/^Config schema violation: /, '')}. Change it in the file.`, {
      cause: error,
    });
  }
}

/** @returns what to tell the user; undefined when the file is whole, or when there is none */
export function putAsideWhenBroken(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const aside = `${file}.broken`;
  renameSync(file, aside);
  return message('settings.not-json', { file, aside });
}
