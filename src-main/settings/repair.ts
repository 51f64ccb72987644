import * as v from 'valibot';

import { settingNames, settingsSchema } from '../contract/settings.ts';

/** A settings file as it was found: whatever a person or an older version wrote. */
export type RawSettings = Readonly<Record<string, unknown>>;

/** What leads from one version of the file to the next: the first from 0, which is what has no version. */
export type Migration = (settings: RawSettings) => RawSettings;

const VERSION = 'version';

/** The command line wrote files before there was a version; their settings mean what they mean now. */
const migrations: readonly Migration[] = [(settings) => settings];

export type Migrated =
  | { readonly ok: true; readonly settings: RawSettings }
  /** Made by a later program: it is used as far as it is understood, and not written to. */
  | { readonly ok: false; readonly found: number };

/** Brings a file's settings to this version, one step after the other. */
export function migrate(settings: RawSettings, steps: readonly Migration[] = migrations): Migrated {
  const { [VERSION]: found } = settings;
  const from = typeof found === 'number' && Number.isInteger(found) && found >= 0 ? found : 0;
  if (from > steps.length) return { ok: false, found: from };
  const migrated = steps.slice(from).reduce((now, step) => step(now), settings);
  return { ok: true, settings: { ...migrated, [VERSION]: steps.length } };
}

/** Leaves out what cannot be, so that one mistake does not cost a person all the other settings. */
export function withoutInvalid(settings: RawSettings): { readonly kept: RawSettings; readonly dropped: string[] } {
  const dropped = settingNames.filter(
    (name) => Object.hasOwn(settings, name) && !v.is(settingsSchema.entries[name], settings[name]),
  );
  const kept = Object.entries(settings).filter(([name]) => !dropped.some((one) => one === name));
  return { kept: Object.fromEntries(kept), dropped };
}
