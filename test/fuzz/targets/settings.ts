import * as v from 'valibot';

import { changesSchema, engineSettingsSchema, settingsSchema } from '../../../src-main/contract/settings.ts';
import { migrate, withoutInvalid, type RawSettings } from '../../../src-main/settings/repair.ts';
import { BadPack, readPack } from '../../../src-main/engine/reading/pack.ts';
import modern from '../../../conf/user-behavior.json' with { type: 'json' };
import { only, type Target } from '../target.ts';

/** Every setting as it is when nobody changed it, and some as somebody may have. */
const settingsFile = {
  ...v.getDefaults(settingsSchema),
  log: '/var/log/x',
  alarm: 2,
  scores: { shell_history: 2 },
  quietHours: { from: '22:00', to: '07:00' },
  version: 1,
};

const json = (text: string): unknown => only(SyntaxError, () => JSON.parse(text) as unknown);

/** The settings' file. */
export const settings: Target = {
  name: 'settings',
  reaches: /src-main\/(contract|settings|desktop\/settings)/,
  seeds: [JSON.stringify(settingsFile), '{}'],
  words: Object.keys(settingsFile),
  check(input) {
    const value = json(input);
    for (const schema of [settingsSchema, changesSchema, engineSettingsSchema]) v.safeParse(schema, value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    const migrated = migrate(value as RawSettings);
    if (!migrated.ok) return;
    const { kept } = withoutInvalid(migrated.settings);
    if (!v.is(settingsSchema, kept)) throw new Error('what was repaired is still wrong');
  },
};

const queries = Object.fromEntries(Object.entries(modern.queries).slice(0, 4));

/** A pack, as somebody may have changed it. */
export const pack: Target = {
  name: 'pack',
  reaches: /src-main\/engine\/reading\/pack/,
  seeds: [JSON.stringify({ queries }), '{"queries":{}}'],
  words: [
    'queries',
    'learn',
    'label',
    'importance',
    'columns',
    'word',
    'path',
    'command',
    'query',
    'removed',
    '__proto__',
  ],
  check(input) {
    const value = json(input);
    const read = only(BadPack, () => readPack({ 'a.json': value }));
    for (const { label, importance } of read?.learning.values() ?? [])
      if (typeof label !== 'string' || !(importance >= 0)) throw new Error('a query that judges by nothing');
  },
};
