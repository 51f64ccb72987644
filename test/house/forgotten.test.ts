import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { settingNames } from '../../src-main/contract/settings.ts';
import { detectorKinds } from '../../models/kinds.ts';
import { checkoutAt, forgottenIn, placesOf } from './forgotten.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const changed = (path: string, from: string, to: string): Record<string, string> => {
  const text = read(path);
  expect(text.split(from).length, `${path} has «${from}» once`).toBe(2);
  return { [path]: text.replace(from, () => to) };
};

describe('what somebody adds', () => {
  it('is named in every place where it belongs', () => {
    expect(forgottenIn(checkoutAt(root))).toEqual([]);
  });

  it('is found: no list is read wrongly', () => {
    const found = Object.fromEntries(
      placesOf(checkoutAt(root)).map(({ kind, from, names }) => [`${kind} ${from}`, names]),
    );
    expect(found['detector models/kinds.ts']).toEqual(detectorKinds.map(({ name }) => name).toSorted());
    expect(found['setting src-main/contract/settings.ts']?.toSorted()).toEqual([...settingNames].toSorted());
    expect(found['command the command line']).toEqual(
      expect.arrayContaining(['train', 'models list', 'alerts show', 'rules remove', 'setup', 'doctor']),
    );
    expect(found['screen src-renderer/lib/address.ts']).toEqual(
      expect.arrayContaining(['overview', 'search', 'learned']),
    );
  });
});

/** The recipes of CONTRIBUTING.md, walked in a copy with their first step done and the others forgotten. */
describe('a recipe of which only the first step was done names the others', () => {
  it.each<[recipe: string, first: Record<string, string>, others: readonly string[]]>([
    [
      'a query',
      changed(
        'conf/user-behavior.json',
        '"queries": {',
        '"queries": { "clipboard": { "query": "SELECT text FROM clipboards;", "learn": { "label": "Clipboard", "importance": 1, "columns": {} } },',
      ),
      [
        'docs/osquery.md (a row: interval and importance as in the pack)',
        'test/fixtures/osquery/tables.json (each table that it asks, with its columns as osquery has them)',
        'test/fixtures/lines/packs.jsonl (a line)',
        'test/engine/reading/fixtures.test.ts (whose that line is)',
        'test/engine/answer/rows-of-packs.ts (a row)',
        'test/conf/real-rows.test.ts (what it answers of a real row)',
        'src-renderer/text/en/log.ts (label.LABEL, and column.COLUMN of each that is no identity)',
        'src-renderer/text/de/log.ts (label.LABEL, and column.COLUMN of each that is no identity)',
      ],
    ],
    [
      'a detector',
      changed(
        'models/kinds.ts',
        "import { lstm } from './lstm/lstm.ts';",
        "import { lstm } from './lstm/lstm.ts';\nimport { rhythm } from './rhythm/rhythm.ts';",
      ),
      [
        'models/algorithm.ts (its weight)',
        'src-renderer/text/en/alerts.ts (detector.rhythm, asks.rhythm, by.rhythm)',
        'src-renderer/text/de/alerts.ts (detector.rhythm, asks.rhythm, by.rhythm)',
        'models/rhythm/README.md',
        'docs/architecture.md (a row)',
        'docs/decisions/weights.md (its weight in the heading, and why)',
        'models/shipped/alice/profile.json (npm run models)',
      ],
    ],
    [
      'a detector whose weight was changed',
      changed('models/algorithm.ts', 'ocsvm: 0.5,', 'ocsvm: 0.75,'),
      ['docs/decisions/weights.md (its weight in the heading, and why)'],
    ],
    [
      'a screen',
      changed(
        'src-renderer/lib/address.ts',
        "readonly screen: 'overview' |",
        "readonly screen: 'overview' | 'weather' |",
      ),
      [
        'src-renderer/App.svelte',
        'test/window/journeys/access.ts',
        'test/renderer/address.test.ts',
        'test/window/pictures.ts',
        'any link of src-renderer/screens/ or parts/ (#/weather)',
      ],
    ],
    ['a screen’s file', { 'src-renderer/screens/Weather.svelte': '<h1>Weather</h1>' }, ['src-renderer/App.svelte']],
    [
      'a setting',
      changed(
        'src-main/contract/settings.ts',
        '  trayIcon: v.',
        "  colour: v.optional(v.string(), ''),\n  trayIcon: v.",
      ),
      [
        'README.md (a row: its meaning as in meanings.ts, its default)',
        'src-main/settings/meanings.ts',
        'src-main/cli/diagnostics.ts (in TOLD: whether a bundle of diagnostics may tell it)',
        'any screen of the window (`change({ colour`), or noField of test/house/forgotten.ts (why it has none)',
        'any file of src-main/, or src-renderer/App.svelte (what reads it)',
      ],
    ],
    [
      'a setting that nothing reads',
      {
        ...changed(
          'src-main/contract/settings.ts',
          '  trayIcon: v.',
          "  colour: v.optional(v.string(), ''),\n  trayIcon: v.",
        ),
        ...changed('src-main/cli/diagnostics.ts', '  trayIcon: false,', '  colour: false,\n  trayIcon: false,'),
        ...changed('src-main/settings/meanings.ts', '  trayIcon:', "  colour: 'of the window',\n  trayIcon:"),
        ...changed('README.md', '\n| `trayIcon`', '\n| `colour` | of the window | |\n| `trayIcon`'),
        ...changed(
          'src-renderer/screens/Settings.svelte',
          'void change({ theme })',
          'void (change({ theme }), change({ colour }))',
        ),
      },
      ['any file of src-main/, or src-renderer/App.svelte (what reads it)'],
    ],
    [
      'a query whose importance was changed',
      changed('conf/user-behavior.json', '"importance": 3,', '"importance": 2,'),
      ['docs/osquery.md (a row: interval and importance as in the pack)'],
    ],
    [
      'a setting whose default was changed',
      changed(
        'src-main/contract/settings.ts',
        "trayIcon: v.optional(v.picklist(['system', 'light', 'dark']), 'system')",
        "trayIcon: v.optional(v.picklist(['system', 'light', 'dark']), 'dark')",
      ),
      ['README.md (a row: its meaning as in meanings.ts, its default)'],
    ],
    [
      'a command',
      changed(
        'src-main/cli/model-commands.ts',
        "command(models, 'delete <version>'",
        "command(models, 'rename <version>', 'give a name');\ncommand(models, 'delete <version>'",
      ),
      ['README.md'],
    ],
  ])('%s', (_, first, others) => {
    // What is forgotten already is named above, once.
    const before = forgottenIn(checkoutAt(root));
    const forgotten = forgottenIn(checkoutAt(root, first)).filter((sentence) => !before.includes(sentence));
    expect(forgotten.map((sentence) => sentence.split(' is not in ')[1])).toEqual(others);
  });
});
