import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';

import Store from 'electron-store';
import * as v from 'valibot';

import { jsonSchema, putAsideWhenBroken, stateFolder } from '../settings/config.ts';
import { message } from '../contract/story/messages.ts';
import { engineSettingsSchema, settingsSchema, type EngineSettings, type Settings } from '../contract/settings.ts';
import { AskFailed } from '../contract/ipc.ts';
import { migrate, withoutInvalid, type RawSettings } from '../settings/repair.ts';
import { writeWhole } from '../system/whole-file.ts';

/** The user's settings, in the file that the command line uses too. A file that is broken is told of, and never fatal. */
export class SettingsFile {
  readonly notices: string[] = [];
  readonly #store: Store<Settings> | undefined;
  /** As the file last had them, or where there is no file to keep them in. */
  #last: Settings;

  /** @param file absolute */
  constructor(file: string) {
    this.#last = v.parse(settingsSchema, {});
    try {
      const notice = putAsideWhenBroken(file);
      if (notice !== undefined) this.notices.push(notice);
      if (this.#repair(file)) this.#store = storeOn(file);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.notices.push(message('settings.not-kept', { file, cause: why }));
    }
  }

  get all(): Settings {
    if (this.#store) {
      try {
        // As far as the schema knows it: the file may hold more.
        this.#last = v.parse(settingsSchema, this.#store.store);
      } catch {
        // Somebody is editing the file, or made a mistake in it: what it said before holds until it is whole again.
      }
    }
    return this.#last;
  }

  /** What the engine is made with. */
  get engine(): EngineSettings {
    const settings = v.parse(engineSettingsSchema, this.all);
    return { ...settings, state: settings.state === '' ? stateFolder() : settings.state };
  }

  /** @throws AskFailed when the file cannot be written; then nothing has changed */
  change(changes: Partial<Settings>): Settings {
    try {
      if (this.#store) this.#store.set(changes);
      else this.#last = { ...this.#last, ...changes };
    } catch (error) {
      throw new AskFailed('refused', error instanceof Error ? error.message : String(error));
    }
    return this.all;
  }

  /** @returns whether the file may be written */
  #repair(file: string): boolean {
    if (!existsSync(file)) return true;
    const found = JSON.parse(readFileSync(file, 'utf8')) as RawSettings;
    const migrated = migrate(found);
    const { kept, dropped } = withoutInvalid(migrated.ok ? migrated.settings : found);
    if (!migrated.ok) {
      this.#last = v.parse(settingsSchema, kept);
      this.notices.push(message('settings.newer', { file, found: migrated.found }));
      return false;
    }
    if (dropped.length > 0) {
      const aside = `${file}.broken`;
      copyFileSync(file, aside);
      const names = dropped.join(', ');
      this.notices.push(
        dropped.length === 1
          ? message('settings.wrong-one', { file, name: names, aside })
          : message('settings.wrong', { file, names, aside }),
      );
    }
    if (JSON.stringify(kept) !== JSON.stringify(found)) writeWhole(file, `${JSON.stringify(kept, null, '\t')}\n`);
    return true;
  }
}

const storeOn = (file: string): Store<Settings> =>
  new Store<Settings>({
    cwd: dirname(file),
    name: basename(file, '.json'),
    schema: jsonSchema,
    configFileMode: 0o600,
    accessPropertiesByDotNotation: false,
    clearInvalidConfig: false,
  });
