import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { mustBeOurs, placeModels } from '../../../src-main/engine/backup/database.ts';
import { BadBackup } from '../../../src-main/engine/backup/form.ts';
import { openStore } from '../../../src-main/engine/store/open.ts';
import { StoreBroken } from '../../../src-main/engine/store/problem.ts';
import { mustBeUnpolluted, only, type Target } from '../target.ts';

const folder = mkdtempSync(join(tmpdir(), 'ubad-fuzz-rows-'));
process.on('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});
const template = join(folder, 'template');
const action = { query: 'q', change: 'added', time: 1, columns: { path: '/x' } } as const;

let isMade = false;
function make(): void {
  if (isMade) return;
  const opened = openStore(template, { now: 1 });
  if (!opened.ok) throw new Error(opened.problem.message);
  const { store } = opened;
  store.transaction(() => {
    const subjectId = store.subjects.ensure('alice', 1);
    const [first] = store.actions.append([{ subjectId, action, host: 'h', path: '/l', line: 1 }]);
    store.versions.add({ subjectId, createdAt: 1, algorithm: 'lstm', folder: '/m', manifest: {}, afterAction: 1 });
    const times = { openedAt: 1, firstAction: first!, lastAction: first!, firstTime: 1, lastTime: 1 };
    store.incidents.open({ subjectId, ...times, peak: 4, band: 'high', count: 1, explanation: {} });
    const met = { path: '/l', device: '1', inode: '1', fingerprint: '', fingerprintBytes: 0, offset: 1, line: 1 };
    store.checkpoints.put({ checkpoint: met, readerState: {} });
    const said = { at: 1, subjectId, incidentId: null, verdict: 'normal', expires: null } as const;
    store.feedback.add({ ...said, scope: { program: '/x', hours: [1, 2] } });
    store.uidNames.replace([{ host: 'h', uid: '1', name: 'alice' }]);
  });
  store.close();
  isMade = true;
}

const columns: Readonly<Record<string, readonly string[]>> = {
  actions: ['vals', 'time', 'line', 'shape_id', 'baseline'],
  shapes: ['names', 'query', 'change'],
  subjects: ['name', 'stored', 'first_seen'],
  versions: ['folder', 'manifest', 'algorithm', 'after_action', 'active'],
  incidents: ['explanation', 'band', 'peak', 'state', 'first_action'],
  checkpoints: ['reader_state', 'predecessor', 'offset', 'path'],
  feedback: ['scope', 'verdict', 'expires'],
  uid_names: ['name', 'host'],
};
const PLACE = /^(\w+)\.(\w+)=([^]*)$/;

/** `table.column=value`: put into all rows of a backup's database; a number where it reads as one. */
export const backupRows: Target = {
  name: 'backup-rows',
  reaches:
    /src-main\/engine\/(backup\/database|store\/(soundness|look|shapes|actions|subjects|versions|incidents|feedback|checkpoints))/,
  seeds: Object.entries(columns).flatMap(([table, names]) => names.map((name) => `${table}.${name}=[1]`)),
  words: ['null', '[]', '{}', '["/x"]', '__proto__', '-1', '9223372036854775807', '1e999', '../..', '\u001b[2J', '\0'],
  check(input) {
    make();
    const [, table = '', column = '', text = ''] = PLACE.exec(input) ?? [];
    if (!Object.hasOwn(columns, table) || !columns[table]!.includes(column)) return;
    const state = join(folder, 'state');
    rmSync(state, { recursive: true, force: true });
    mkdirSync(state, { mode: 0o700 });
    const path = join(state, 'ubad.db');
    copyFileSync(join(template, 'ubad.db'), path);
    const db = new DatabaseSync(path);
    try {
      db.exec('PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON');
      const value = /^-?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : text;
      db.prepare(`UPDATE ${table} SET ${column} = ?`).run(value);
    } catch (error) {
      // What SQLite itself does not take cannot be in a file.
      if ((error as { code?: string }).code === 'ERR_SQLITE_ERROR') return;
      throw error;
    } finally {
      db.close();
    }
    if (only(BadBackup, () => (mustBeOurs(path), placeModels(path, join(state, 'models')), true)) === undefined) return;
    const opened = openStore(state, { now: 2 });
    if (!opened.ok) throw new Error(`restored, and not opened: ${opened.problem.message}`);
    const { store } = opened;
    try {
      only(StoreBroken, () => [...store.look()]);
      for (const { id } of store.subjects.list()) {
        only(StoreBroken, () => [...store.actions.after(id, 0)]);
        only(StoreBroken, () => store.versions.list(id));
        only(StoreBroken, () => store.incidents.list({ subjectId: id }));
        only(StoreBroken, () => store.checkpoints.list());
        only(StoreBroken, () => store.feedback.list(id));
        store.transaction(() => store.forget.subject(id));
      }
    } finally {
      store.close();
    }
    mustBeUnpolluted();
  },
};
