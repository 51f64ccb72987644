import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';

import { migrate, schemaVersion } from '../../../src-main/engine/store/migrate.ts';
import { openStore } from '../../../src-main/engine/store/open.ts';
import { migrations } from '../../../src-main/engine/store/schema.ts';

const SUBJECTS = 3000;
const RANGES = 20;
/** The last version that kept what belongs to a subject as strings. */
const BEFORE = 5;
const ATTEMPTS = 40;

/**
 * Kills a process while it migrates a store of strings to typed tables: what the next start opens must hold all of it.
 * @returns where the kill hit
 */
export async function killInMigration(parent: string, next: () => number): Promise<string> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const folder = mkdtempSync(join(parent, 'kill-'));
    try {
      const state = join(folder, 'state');
      mkdirSync(state, { mode: 0o700 });
      makeOld(join(state, 'ubad.db'));
      const hit = await killed(state, next() * 400);
      mustBeWhole(state);
      if (hit) return 'within the migration';
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  throw new Error('no kill hit the migration');
}

function makeOld(path: string): void {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL');
  migrate(db, migrations.slice(0, BEFORE));
  db.exec('BEGIN');
  const subject = db.prepare('INSERT INTO subjects VALUES (?, ?, 0, 0, 0)');
  const meta = db.prepare('INSERT INTO meta VALUES (?, ?)');
  const ranges = JSON.stringify(Array.from({ length: RANGES }, (_, r) => ({ after: 2 * r, to: 2 * r + 1 })));
  for (let id = 1; id <= SUBJECTS; id++) {
    subject.run(id, `user${id}`);
    meta.run(`distrusted:${id}`, ranges);
    meta.run(`tried:${id}`, String(id));
  }
  meta.run(
    'uid-names',
    JSON.stringify(Array.from({ length: SUBJECTS }, (_, s) => [`desk\n${1001 + s}`, `user${s + 1}`])),
  );
  db.exec('COMMIT');
  db.close();
}

/** @returns whether the process had begun to migrate and had not ended */
async function killed(state: string, afterMs: number): Promise<boolean> {
  const script = `import { openStore } from '${resolve('src-main/engine/store/open.ts')}';
    process.stdout.write('begins');
    openStore('${state}', { now: 1 });
    process.stdout.write('ended');
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  child.stdout.on('data', (data: Buffer) => (told += data.toString()));
  while (!told.includes('begins')) await setTimeout(1);
  await setTimeout(afterMs);
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  return !told.includes('ended');
}

function mustBeWhole(state: string): void {
  const opened = openStore(state, { now: 2 });
  if (!opened.ok) throw new Error(opened.problem.message);
  const { store } = opened;
  try {
    for (const { id } of store.subjects.list()) {
      if (store.subjectState.distrusted(id).length !== RANGES) throw new Error(`ranges of ${id} are not all there`);
      if (store.subjectState.rejectedTraining(id) !== id) throw new Error(`what was rejected of ${id} is not there`);
    }
    if (store.subjects.list().length !== SUBJECTS || store.uidNames.list().length !== SUBJECTS)
      throw new Error('names are not all there');
  } finally {
    store.close();
  }
  const db = new DatabaseSync(join(state, 'ubad.db'), { readOnly: true });
  try {
    if (schemaVersion(db) !== migrations.length) throw new Error(`version ${schemaVersion(db)}`);
  } finally {
    db.close();
  }
}
