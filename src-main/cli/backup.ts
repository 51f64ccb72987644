import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import packageJson from '../../package.json' with { type: 'json' };
import { configFile, openConfig, stateFolder } from '../settings/config.ts';
import { migrate, withoutInvalid, type RawSettings } from '../settings/repair.ts';
import { BadBackup } from '../engine/backup/form.ts';
import { restoreBackup } from '../engine/backup/restore.ts';
import { takeBackup, type Taken } from '../engine/backup/take.ts';
import { asStoreError, isCorruption, StoreBroken, StoreFull } from '../engine/store/problem.ts';
import { writeWhole } from '../system/whole-file.ts';
import { exitCodes, Failure } from './failure.ts';
import { clock, tellUser, say } from './output.ts';
import { now, openState, settingsOf, type Shared } from './setup.ts';

export interface BackupOptions extends Shared {
  readonly passphraseFile?: string;
  readonly force?: boolean;
}

const MOST_PASSPHRASE = 4096;
const KIBIBYTE = 1024;

/** `ubad backup FILE`: settings, database and models in one private file, also while the engine runs. */
export function backup(file: string, options: BackupOptions): void {
  const to = resolve(file);
  if (existsSync(to)) throw new Failure(`${to} exists already; name a new file.`, exitCodes.usage);
  const { state } = settingsOf(options);
  // Says what is wrong with it, where something is.
  openState(state, true).close();
  const settings = settingsFile(options);
  const text = existsSync(settings) ? readFileSync(settings, 'utf8') : undefined;
  const passphrase = passphraseIn(options);
  const taken = orFailure(to, () => {
    try {
      return takeBackup({ state, settings: text, to, passphrase, program: packageJson.version, now: now() });
    } catch (error) {
      if (!isCorruption(error) && !(error instanceof BadBackup)) throw error;
      const what = `The database in ${state} is damaged, so no backup was made.`;
      throw new Failure(`${what} Start ubad watch: it puts it aside and begins a new one.`, exitCodes.state);
    }
  });
  tell(to, taken, passphrase !== undefined);
}

function tell(to: string, { bytes, models, missing }: Taken, isSealed: boolean): void {
  for (const folder of missing) tellUser(`the model ${folder} is not there and not in the backup`, 'warning');
  const kept = isSealed ? 'encrypted' : 'not encrypted: whoever has the file can read it';
  say(`${to}: settings, database and ${models} models, ${Math.ceil(bytes / KIBIBYTE)} KiB, ${kept}`);
}

/** `ubad restore FILE`: what a backup holds takes the place of what is there. */
export function restore(file: string, options: BackupOptions): void {
  const from = resolve(file);
  if (!existsSync(from)) throw new Failure(`${from} is not there.`, exitCodes.unreadable);
  if (!lstatSync(from).isFile()) throw new Failure(`${from} is not a file.`, exitCodes.unreadable);
  // Asking for the settings makes the file where there is none.
  const hadSettings = existsSync(settingsFile(options));
  const { state } = settingsOf(options);
  const passphrase = passphraseIn(options);
  const { force = false } = options;
  const restored = orFailure(state, () => restoreBackup({ from, state, passphrase, force, now: now() }));
  if (!restored.ok)
    throw new Failure(restored.message, restored.kind === 'state' ? exitCodes.state : exitCodes.unreadable);
  if (restored.aside !== undefined) tellUser(`what was there is kept as ${restored.aside}, with its models beside it`);
  if (restored.settings !== undefined) restoreSettings(restored.settings, state, hadSettings, options);
  say(`${state} is as it was on ${clock(restored.header.madeAt)}: database and ${restored.models} models`);
}

/** The state folder is where this was restored to, wherever it was. What cannot be has its default. */
function restoreSettings(text: string, state: string, hadSettings: boolean, options: BackupOptions): void {
  const file = settingsFile(options);
  const found = settingsIn(text);
  const migrated = found && migrate(found);
  if (!migrated?.ok) {
    const why = migrated ? 'are of a newer version of ubad' : 'are no settings';
    tellUser(`the settings in the backup ${why}; those in ${file} stay`, 'warning');
    return;
  }
  const { kept, dropped } = withoutInvalid(migrated.settings);
  for (const name of dropped) tellUser(`the setting ${name} in the backup cannot be so and has its default`, 'warning');
  const settings = { ...kept, state: state === stateFolder() ? '' : state };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (!hadSettings) rmSync(file, { force: true });
  if (existsSync(file)) {
    const aside = `${file}.before-restore-${now()}`;
    renameSync(file, aside);
    tellUser(`the settings that were there are kept as ${aside}`);
  }
  writeWhole(file, `${JSON.stringify(settings, null, '\t')}\n`);
  openConfig(file);
}

function settingsIn(text: string): RawSettings | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as RawSettings)
      : undefined;
  } catch {
    return undefined;
  }
}

const settingsFile = ({ config }: Shared): string => (config === undefined ? configFile() : resolve(config));

/** The first line of the file. Never an argument: those are in the shell's history and seen by all processes. */
function passphraseIn({ passphraseFile: path }: BackupOptions): string | undefined {
  if (path === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(path === '-' ? 0 : resolve(path), 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new Failure(`--passphrase-file ${path} cannot be read (${code}).`, exitCodes.unreadable);
  }
  const first = text.split(/\r?\n/, 1)[0]!;
  if (first === '' || first.length > MOST_PASSPHRASE)
    throw new Failure(`--passphrase-file ${path}: its first line is to be the passphrase.`, exitCodes.usage);
  return first;
}

/** What the disk or the database fail with, as a sentence. */
function orFailure<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    const named = asStoreError(error, path);
    const isDisk = named instanceof StoreFull || named instanceof StoreBroken;
    if (syscall === undefined && !isDisk) throw error;
    const why =
      named instanceof StoreFull || code === 'ENOSPC' ? 'the disk is full' : (code ?? (error as Error).message);
    throw new Failure(`${path}: ${why}. See to the disk and its permissions, and try again.`, exitCodes.state);
  }
}
