import { fstatSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import * as v from 'valibot';

import type { Phrase } from '../../contract/story/story.ts';
import { accessOf, grant, revoke, setAccess } from './access.ts';
import { withoutInserted } from './configuration.ts';
import { createFile, mustBeSafe, replaceFile, whatIsAt } from './files.ts';
import { logsIn, withLog } from './log-folder.ts';
import { BACKUP, type Places } from './places.ts';
import type { Access, Step } from './plan.ts';
import { setupPhrase, SetupFailure } from './setup-words.ts';

/** A step that renewed a file is not on record: the step that made it then says the new content. */
type Recorded = Exclude<Step, { readonly do: 'renew' }>;
const record = v.array(
  v.variant('do', [
    v.object({ do: v.literal('folder'), path: v.string() }),
    v.object({ do: v.literal('create'), path: v.string(), content: v.string() }),
    v.object({
      do: v.literal('edit'),
      path: v.string(),
      before: v.string(),
      content: v.string(),
      inserted: v.string(),
    }),
    v.object({
      do: v.literal('access'),
      path: v.string(),
      user: v.string(),
      before: v.string(),
      readBefore: v.array(v.string()),
    }),
  ]),
);
const recordFile = ({ record }: Places): string => join(record, 'record.json');
const PRIVATE = 0o600;
const READABLE = 0o644;

/** What setup has done before, the oldest first; empty: nothing. @throws SetupFailure when the record cannot be read */
export function recordedSteps(places: Places): readonly Recorded[] {
  if (!whatIsAt(recordFile(places))) return [];
  try {
    return v.parse(record, JSON.parse(readFileSync(recordFile(places), 'utf8')));
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new SetupFailure('setup.record', { path: recordFile(places), cause });
  }
}

/** Does the steps. What is to be done is on record first, so that a half-done setup can be undone. */
export function carryOut(places: Places, steps: readonly Step[]): void {
  mustAllBeSafe(places, steps);
  const renewed = new Map(steps.flatMap((step) => (step.do === 'renew' ? [[step.path, step.content] as const] : [])));
  const before = recordedSteps(places).map((step) =>
    step.do === 'create' ? { ...step, content: renewed.get(step.path) ?? step.content } : step,
  );
  keepRecord(places, [...before, ...steps.filter((step) => step.do !== 'renew')]);
  for (const step of steps) perform(places, step);
}

/** An access list is given to what is open: `withLog` looks at the way there, and trusts another one. */
function mustAllBeSafe({ root }: Places, steps: readonly Step[]): void {
  for (const { do: what, path } of steps) {
    if (what !== 'access') mustBeSafe(root, path);
    else if (whatIsAt(path)) withLog(root, path, () => undefined);
  }
}

function perform({ root }: Places, step: Step): void {
  if (step.do === 'folder') mkdirSync(step.path, { mode: 0o755 });
  else if (step.do === 'renew') replaceFile(step.path, step.content);
  else if (step.do === 'create') createFile(step.path, step.content, READABLE);
  else if (step.do === 'edit') {
    // A second name keeps the very file that was there; the first one then gets another file.
    linkSync(step.path, step.path + BACKUP);
    replaceFile(step.path, step.content);
  } else {
    withLog(root, step.path, (file) => {
      const isFolder = fstatSync(file).isDirectory();
      grant(file, `u:${step.user}:${isFolder ? 'rx' : 'r'}`);
      if (isFolder) grant(file, `u:${step.user}:r`, 'default');
    });
  }
}

/**
 * Undoes all that is on record, the last first. What a person has changed since is kept.
 * @returns what was kept, and why
 */
export function undo(places: Places): readonly Phrase[] {
  const steps = recordedSteps(places);
  mustAllBeSafe(places, steps);
  const kept = steps.toReversed().flatMap((step) => takeBack(places, step));
  rmSync(recordFile(places), { force: true });
  if (whatIsAt(places.record)) rmdirSync(places.record);
  return kept;
}

function takeBack({ root }: Places, step: Recorded): Phrase[] {
  const found = whatIsAt(step.path);
  if (!found) return [];
  if (step.do === 'folder') {
    if (readdirSync(step.path).length > 0) return [setupPhrase('setup.kept.more', { path: step.path })];
    rmdirSync(step.path);
  } else if (step.do === 'create') {
    if (!found.isFile() || readFileSync(step.path, 'utf8') !== step.content)
      return [setupPhrase('setup.kept.changed', { path: step.path })];
    rmSync(step.path);
  } else if (step.do === 'edit') return takeBackEdit(step);
  else takeBackAccess(root, step);
  return [];
}

function takeBackEdit({ path, content, inserted }: Recorded & { readonly do: 'edit' }): Phrase[] {
  const backup = path + BACKUP;
  const now = readFileSync(path, 'utf8');
  if (now === content && whatIsAt(backup)) {
    renameSync(backup, path);
    return [];
  }
  // Stopped before the new file was in its place: both names are the old file.
  rmSync(backup, { force: true });
  if (!now.includes(inserted)) return [];
  const rest = withoutInserted(now, inserted);
  if (rest === undefined) return [setupPhrase('setup.kept.packs', { path })];
  replaceFile(path, rest);
  return [];
}

function takeBackAccess(root: string, { path, user, before, readBefore }: Access): void {
  withLog(root, path, (file) => {
    setAccess(file, before);
  });
  if (!whatIsAt(path)?.isDirectory()) return;
  // Logs that came since have it from the folder.
  for (const name of logsIn(root, path)) {
    const log = join(path, name);
    if (readBefore.includes(log) || !whatIsAt(log)?.isFile()) continue;
    withLog(root, log, (file) => {
      if (accessOf(file).includes(`user:${user}:`)) revoke(file, user);
    });
  }
}

function keepRecord(places: Places, steps: readonly Recorded[]): void {
  mustBeSafe(places.root, recordFile(places));
  mkdirSync(places.record, { recursive: true, mode: 0o700 });
  const text = JSON.stringify(steps, null, 1);
  if (whatIsAt(recordFile(places))) replaceFile(recordFile(places), text);
  else createFile(recordFile(places), text, PRIVATE);
}
