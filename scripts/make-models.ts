/**
 * Makes models/shipped/: a model of each user of data/example/, trained on its first two weeks. Run: npm run models
 * With the `simd` kernels, whose results do not depend on the processor: the same bytes each time.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Action } from '../models/action.ts';
import { fusedEngine } from '../models/fused.ts';
import { newTally, readLogs } from '../src-main/cli/read-logs.ts';
import { writeModel } from '../src-main/engine/models/folder.ts';
import { trainModel } from '../src-main/engine/models/train.ts';
import { defaultPack } from '../src-main/engine/reading/pack.ts';
import { SubjectResolver } from '../src-main/engine/reading/subject-resolver.ts';
import { exampleLog } from '../src-main/example/source.ts';

const root = join(import.meta.dirname, '..');
/** Where to, and which users: all into models/shipped unless a folder and names are given. */
const [to = join(root, 'models', 'shipped'), ...only] = process.argv.slice(2);
const pack = defaultPack();
const pasts = new Map<string, Action[]>();
// No passwd of this machine: the names are those of the log.
const resolver = new SubjectResolver(undefined, [], '/nonexistent');
for await (const { subject, action } of readLogs([exampleLog(root, 'past')], pack, resolver, newTally())) {
  const past = pasts.get(subject);
  if (past) past.push(action);
  else pasts.set(subject, [action]);
}
for (const [subject, past] of pasts) {
  if (/^(host|uid):/.test(subject) || (only.length > 0 && !only.includes(subject))) continue;
  const { model, manifest } = await trainModel(past, {
    subject,
    algorithm: 'both',
    pack,
    now: past.at(-1)!.time,
    options: { seed: 1, windowLength: 50, math: fusedEngine('simd') },
  });
  const folder = join(to, subject);
  rmSync(folder, { recursive: true, force: true });
  writeModel(folder, model.save(), manifest);
  console.log(`${subject}: ${past.length} actions`);
}
