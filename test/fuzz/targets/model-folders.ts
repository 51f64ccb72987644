import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { SavedDetector } from '../../../models/detector.ts';
import { fusedEngine } from '../../../models/fused.ts';
import { UserModel } from '../../../models/profile/user-model.ts';
import { FORMAT, MANIFEST } from '../../../src-main/engine/models/manifest.ts';
import { readModel } from '../../../src-main/engine/models/read-model.ts';
import { whyUnfit } from '../../../src-main/engine/models/trial.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import { ordinary } from '../../models/ordinary.ts';
import { mustBeHarmless, mustBeUnpolluted, type Target } from '../target.ts';

const pack = defaultPack();
const math = fusedEngine();
const later = ordinary(120, 2);

function trained(): UserModel {
  const training = UserModel.train(ordinary(1000), pack.learning, 'ocsvm', { seed: 1, windowLength: 20, math });
  for (;;) {
    const { done, value } = training.next();
    if (done) return value;
  }
}

let known: { files: SavedDetector; manifest: object } | undefined;
function model(): { files: SavedDetector; manifest: object } {
  if (known) return known;
  const made = trained();
  const manifest = {
    format: FORMAT,
    subject: 'alice',
    algorithm: 'ocsvm',
    packFingerprint: pack.fingerprint,
    seed: 1,
    windowLength: 20,
    training: { actions: 1000, from: 0, to: 1 },
    createdAt: 1,
    normal: made.normal,
    drift: made.drift,
    curves: made.curves,
  };
  return (known = { files: made.save(), manifest });
}

const folder = mkdtempSync(join(tmpdir(), 'ubad-fuzz-models-'));
process.on('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});

const special: Readonly<Record<string, (path: string) => void>> = {
  'a pipe': (path) => void spawnSync('mkfifo', [path]),
  'a link to what never ends': (path) => {
    symlinkSync('/dev/zero', path);
  },
  'a link to itself': (path) => {
    symlinkSync(path, path);
  },
  'a folder': (path) => {
    mkdirSync(path);
  },
  'a huge file': (path) => {
    writeFileSync(path, '');
    truncateSync(path, 2 ** 40);
  },
  nothing: () => undefined,
};

/** Lines «file name: what stands in its place», then an empty line and JSON whose entries take the place of the manifest's. */
export const modelFolders: Target = {
  name: 'model-folders',
  reaches: /src-main\/engine\/models\/(read-model|manifest|trial)/,
  seeds: [
    '\n{}',
    'encoder.json: a pipe\n\n{}',
    'manifest.json: a link to what never ends\n\n{}',
    'ocsvm.model: a huge file\nocsvm.json: nothing\n\n{"subject":"bob"}',
    'profile.json: a folder\n\n{"files":{}}',
    '\n{"windowLength":1e9,"normal":{"maxima":[1,2],"days":1},"drift":{"ocsvm":{"mean":0,"deviation":0}}}',
    '\n{"files":{"../../etc/passwd":"0000000000000000000000000000000000000000000000000000000000000000"}}',
    '\n{"algorithm":"both","seed":-1,"training":null,"curves":{"ocsvm":[null]},"format":4}',
  ],
  words: [
    ...Object.keys(special),
    '__proto__',
    '"files":',
    '"normal":',
    '"algorithm":',
    'manifest.json',
    '1e999',
    'null',
  ],
  check(input) {
    const end = input.indexOf('\n\n');
    const [places, text] = end < 0 ? ['', input] : [input.slice(0, end), input.slice(end + 2)];
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const { files, manifest } = model();
    const instead = new Map(
      places.split('\n').map((line): [string, string] => {
        const [name = '', what = ''] = line.split(': ');
        return [name, what];
      }),
    );
    const put = (name: string, content: string | Uint8Array): void => {
      const make = special[instead.get(name) ?? ''];
      if (make) make(join(folder, name));
      else writeFileSync(join(folder, name), content);
    };
    const sums = Object.fromEntries(
      Object.entries(files).map(([name, content]) => [name, createHash('sha256').update(content).digest('hex')]),
    );
    for (const [name, content] of Object.entries(files)) put(name, content);
    put(MANIFEST, merged({ ...manifest, files: sums }, text));

    const read = readModel(folder, pack);
    const why = read.ok
      ? whyUnfit(read, { pack, math, sensitivity: { alertsPerDay: 1 } }, later)
      : read.problem.message.replace(folder, '');
    if (why !== undefined) mustBeHarmless(why, 'the refusal');
    if (read.ok && Object.keys(read.manifest.files).length === 0) throw new Error('a model of no files');
    mustBeUnpolluted();
  },
};

/** The manifest with what the text says in its place; the text itself where it is no object. */
function merged(manifest: object, text: string): string {
  try {
    const changes = JSON.parse(text) as unknown;
    return typeof changes === 'object' && changes !== null && !Array.isArray(changes)
      ? JSON.stringify({ ...manifest, ...changes })
      : text;
  } catch {
    return text;
  }
}
