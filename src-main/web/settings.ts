import * as v from 'valibot';

import { openConfig, stateFolder } from '../settings/config.ts';
import { engineSettingsSchema, settingsSchema, type EngineSettings, type Settings } from '../contract/settings.ts';
import { AskFailed } from '../contract/ipc.ts';

/** The settings that the command line has too, with what was said at the start over them. */
export class WebSettings {
  readonly #file: string;
  readonly #over: Partial<Settings>;
  /** Said once: the file was broken and is kept aside. */
  readonly notices: readonly string[];

  /** @param file absolute @throws Error saying which setting of the file is wrong */
  constructor(file: string, over: Partial<Settings>) {
    this.#file = file;
    this.#over = over;
    const { notice } = openConfig(file);
    this.notices = notice === undefined ? [] : [notice];
  }

  get all(): Settings {
    // As far as the schema knows it: the file may hold more.
    return v.parse(settingsSchema, { ...openConfig(this.#file).config, ...this.#over });
  }

  get engine(): EngineSettings {
    const settings = v.parse(engineSettingsSchema, this.all);
    return { ...settings, state: settings.state === '' ? stateFolder() : settings.state };
  }

  /** @throws AskFailed when the file cannot be written */
  change(changes: Partial<Settings>): Settings {
    try {
      const opened = openConfig(this.#file);
      for (const [name, value] of Object.entries(changes)) opened.set(name as keyof Settings, value);
    } catch (error) {
      throw new AskFailed('refused', error instanceof Error ? error.message : String(error));
    }
    return this.all;
  }
}
