import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const config = join(import.meta.dirname, '..', '..', '.dependency-cruiser.mjs');

/** A package as npm lays it down. */
const installed = (name: string) => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', exports: './index.js' }),
  [`node_modules/${name}/index.js`]: 'export default 0;',
});

/** A small program that keeps every rule: what the wrong files below are added to. */
const program = {
  'package.json': JSON.stringify({
    dependencies: Object.fromEntries(
      ['valibot', 'electron', 'libsvm-js', 'commander', '@nats-io/kv'].map((name) => [name, '1.0.0']),
    ),
  }),
  ...installed('valibot'),
  ...installed('electron'),
  ...installed('libsvm-js'),
  ...installed('commander'),
  ...installed('@nats-io/kv'),
  'conf/pack.json': '{}',
  'models/action.ts': 'export const action = 0;',
  'models/lstm/lstm.ts': "import '../action.ts'; import 'libsvm-js';",
  'src-main/contract/contract.ts': "import 'valibot'; import '../../models/action.ts'; export const contract = 0;",
  'src-main/source/follow.ts': "import 'node:fs'; import '../contract/contract.ts';",
  'src-main/engine/engine.ts':
    "import 'node:fs'; import '../contract/contract.ts'; import '../../conf/pack.json'; import '../../models/lstm/lstm.ts';",
  'src-main/cli/fleet/program.ts': "import '../../fleet/wire/subjects.ts';",
  'src-main/fleet/wire/subjects.ts': "import '@nats-io/kv'; import 'valibot'; import 'node:crypto';",
  'src-main/cli.ts': "import 'commander'; import './source/follow.ts'; import './engine/engine.ts';",
  'src-main/main.ts': "import 'electron'; import './source/follow.ts'; import './desktop/tray.ts';",
  'src-main/desktop/tray.ts': "import 'electron'; import '../contract/contract.ts'; import '../worker/serve.ts';",
  'src-main/preload.ts': "import 'electron'; import './contract/contract.ts';",
  'src-main/worker.ts': "import './worker/serve.ts'; import './engine/engine.ts';",
  'src-main/worker/serve.ts': "import '../contract/contract.ts';",
  'src-renderer/main.ts': "import './screens/list.ts';",
  'src-renderer/screens/list.ts': "import '../lib/bridge.ts'; import '../parts/row.ts';",
  'src-renderer/lib/bridge.ts': "import '../../src-main/contract/contract.ts';",
  'src-renderer/parts/row.ts': 'export const row = 0;',
  'test/engine.test.ts': "import '../src-main/engine/engine.ts';",
};

/** @returns `rule: from` of everything that the rules forbid */
async function violations(files: Readonly<Record<string, string>>): Promise<string[]> {
  const baseDir = temporaryFolder({ ...program, ...files });
  const { enhancedResolveOptions, tsConfig: _ofTheRealRooms, ...options } = await extractOptions(config);
  const { output } = await cruise(
    ['models', 'src-main', 'src-renderer', 'test'],
    { ...options, baseDir },
    enhancedResolveOptions,
  );
  if (typeof output === 'string') throw new Error(`dependency-cruiser gave text: ${output}`);
  return output.summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
}

describe('the import rules', () => {
  it('leave a program alone that keeps them', async () => {
    expect(await violations({})).toEqual([]);
  });

  it.each<[rule: string, path: string, content: string, others?: Record<string, string>]>([
    ['no-cycles', 'models/a.ts', "import './b.ts';", { 'models/b.ts': "import './a.ts';" }],
    ['models-are-pure', 'models/reader.ts', "import 'node:fs';"],
    ['models-are-pure', 'models/schema.ts', "import 'valibot';"],
    ['models-are-pure', 'models/upward.ts', "import '../src-main/contract/contract.ts';"],
    ['line-forms-are-plain', 'src-main/line-forms/look.ts', "import '../engine/engine.ts';"],
    ['simulator-is-pure', 'src-main/simulate/day.ts', "import 'node:fs';"],
    ['simulator-is-pure', 'src-main/simulate/day.ts', "import '../engine/engine.ts';"],
    ['contract-is-plain', 'src-main/contract/ipc.ts', "import 'node:fs'; import './contract.ts';"],
    ['contract-is-plain', 'src-main/contract/ipc.ts', "import '../engine/engine.ts';"],
    ['source-only-reads-lines', 'src-main/source/parse.ts', "import '../engine/engine.ts';"],
    ['nats-in-fleet-only', 'src-main/desktop/fleet.ts', "import '@nats-io/kv';"],
    ['nats-in-fleet-only', 'src-main/cli/serve.ts', "import '../fleet/wire/subjects.ts';"],
    ['fleet-is-loaded-when-asked-for', 'src-main/cli/fleet/define.ts', "import './program.ts';"],
    ['supervisor-has-no-engine', 'src-main/fleet/supervisor/claims.ts', "import '../../engine/engine.ts';"],
    ['fleet-wire-is-plain', 'src-main/fleet/wire/connect.ts', "import '../../engine/engine.ts';"],
    ['source-only-reads-lines', 'src-main/source/parse.ts', "import '../../models/action.ts';"],
    ['engine-without-electron-or-source', 'src-main/engine/read.ts', "import '../source/follow.ts';"],
    ['engine-without-electron-or-source', 'src-main/engine/window.ts', "import 'electron';"],
    ['engine-without-electron-or-source', 'src-main/engine/arguments.ts', "import 'commander';"],
    ['math-only-loads-engines', 'src-main/math/load.ts', "import '../engine/engine.ts';"],
    ['own-log-knows-no-data', 'src-main/own-log/own-log.ts', "import '../engine/engine.ts';"],
    ['own-log-knows-no-data', 'src-main/own-log/own-log.ts', "import 'commander';"],
    ['system-is-node-alone', 'src-main/system/whole-file.ts', "import '../contract/contract.ts';"],
    ['system-is-node-alone', 'src-main/system/whole-file.ts', "import 'commander';"],
    ['settings-show-nothing', 'src-main/settings/config.ts', "import 'electron';"],
    ['training-is-the-engines', 'src-main/training/thread.ts', "import '../source/follow.ts';"],
    ['intake-brings-lines', 'src-main/intake/loop.ts', "import '../desktop/tray.ts';"],
    ['contract-is-plain', 'src-main/contract/rows.ts', "import '../engine/engine.ts';"],
    ['electron-in-desktop-only', 'src-main/worker.ts', "import 'electron';"],
    ['electron-in-desktop-only', 'src-main/worker/engine-session.ts', "import 'electron';"],
    ['worker-only-answers', 'src-main/worker/window.ts', "import '../desktop/tray.ts';"],
    ['worker-only-answers', 'src-main/worker/read.ts', "import '../source/follow.ts';"],
    ['worker-only-answers', 'src-main/worker.ts', "import 'electron';"],
    ['host-serves-both', 'src-main/host/show.ts', "import '../desktop/tray.ts';"],
    ['host-serves-both', 'src-main/host/show.ts', "import 'commander';"],
    ['desktop-asks-worker-by-message', 'src-main/host/train.ts', "import '../engine/engine.ts';"],
    ['window-knows-messages-only', 'src-renderer/lib/store.ts', "import '../../src-main/engine/engine.ts';"],
    ['window-knows-messages-only', 'src-renderer/lib/files.ts', "import 'node:fs';"],
    ['window-knows-messages-only', 'src-renderer/lib/model.ts', "import '../../models/action.ts';"],
    ['parts-get-props', 'src-renderer/parts/list.ts', "import '../screens/list.ts';"],
    ['parts-get-props', 'src-renderer/parts/asking.ts', "import '../lib/bridge.ts';"],
    ['export-only-sends', 'src-main/export/feed.ts', "import '../engine/engine.ts';"],
    ['web-needs-no-framework', 'src-main/web.ts', "import 'commander';"],
    ['web-needs-no-framework', 'src-main/web/page.ts', "import '../source/follow.ts';"],
    ['desktop-asks-worker-by-message', 'src-main/web/train.ts', "import '../../models/lstm/lstm.ts';"],
    [
      'worker-only-answers',
      'src-main/worker/host.ts',
      "import '../web.ts';",
      { 'src-main/web.ts': "import 'node:http';" },
    ],
    ['preload-brings-nothing', 'src-main/preload.ts', "import 'node:fs';"],
    ['preload-brings-nothing', 'src-main/preload.ts', "import 'valibot';"],
    ['desktop-only-shows', 'src-main/desktop/command.ts', "import 'commander';"],
    ['desktop-only-shows', 'src-main/main.ts', "import './cli.ts';"],
    ['electron-in-desktop-only', 'test/tray.test.ts', "import 'electron';"],
    ['desktop-asks-worker-by-message', 'src-main/desktop/train.ts', "import '../../models/lstm/lstm.ts';"],
    [
      'desktop-asks-worker-by-message',
      'src-main/desktop/indirect.ts',
      "import '../between.ts';",
      { 'src-main/between.ts': "import './engine/engine.ts';" },
    ],
    ['nothing-needs-tests', 'src-main/double.ts', "import '../test/engine.test.ts';"],
    ['no-orphans', 'src-main/engine/forgotten.ts', 'export const forgotten = 0;'],
  ])('%s fires on %s: %s', async (rule, path, content, others = {}) => {
    expect(await violations({ [path]: content, ...others })).toContain(`${rule}: ${path}`);
  });
});
