import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import * as v from 'valibot';

import { aboutLeaving, BLOCKS_KEPT, type AboutLeaving, type LeavingBlock } from '../../contract/leaving.ts';
import { writeWhole } from '../../system/whole-file.ts';

const MODE_FOR_ALL = 0o644;
const MODE_FOR_READERS = 0o640;
const READ_BY_GROUP = 0o040;
const READ_BY_ALL = 0o004;

/** Where reading goes on, for when the stream no longer has the host's last block. */
const placeFile = 'place.json';
const ABOUT = 'about.json';

/** What was sent, for whoever sits at this machine: who may read the log may read what left of it. */
export class LeavingRecord {
  readonly #folder: string;
  #about: AboutLeaving;

  private constructor(folder: string, about: AboutLeaving) {
    this.#folder = folder;
    this.#about = about;
  }

  /**
   * @param about what is sent where; counts go on from what is there
   * @param readers a file whose readers may look at what was sent
   * @throws what the system throws
   */
  static open(
    folder: string,
    about: Omit<AboutLeaving, 'form' | 'since' | 'sent' | 'leftOut' | 'newest'>,
    now: number,
    readers = about.log,
  ): LeavingRecord {
    mkdirSync(join(folder, 'blocks'), { recursive: true, mode: 0o750 });
    letReadersRead(readers, join(folder, 'blocks'));
    const known = aboutIn(folder);
    const { since = now, sent = 0, leftOut = 0, newest = 0 } = known ?? {};
    const record = new LeavingRecord(folder, { form: 1, ...about, since, sent, leftOut, newest });
    record.#tell();
    return record;
  }

  /** Nothing leaves any more: what is there of it says so no longer. */
  static end(folder: string): void {
    rmSync(join(folder, ABOUT), { force: true });
  }

  /** Before a block leaves: what is listed is never less than what left. */
  sending(body: string, at: number): void {
    const n = this.#about.newest + 1;
    this.#about = { ...this.#about, newest: n };
    const file = join(this.#folder, 'blocks', `${n % BLOCKS_KEPT}.json`);
    writeWhole(file, JSON.stringify({ n, at, body } satisfies LeavingBlock), MODE_FOR_READERS);
    this.#tell();
  }

  /** A block was taken, and reading goes on there. */
  sent(lines: number, place: unknown): void {
    this.#about = { ...this.#about, sent: this.#about.sent + lines };
    writeWhole(join(this.#folder, placeFile), JSON.stringify(place));
    this.#tell();
  }

  leftOut(lines: number): void {
    if (lines === 0) return;
    this.#about = { ...this.#about, leftOut: this.#about.leftOut + lines };
    this.#tell();
  }

  /** Where reading went on; undefined where nobody knows. */
  get place(): unknown {
    try {
      return JSON.parse(readFileSync(join(this.#folder, placeFile), 'utf8')) as unknown;
    } catch {
      return undefined;
    }
  }

  #tell(): void {
    const file = join(this.#folder, ABOUT);
    writeWhole(file, JSON.stringify(this.#about), MODE_FOR_ALL);
  }
}

function aboutIn(folder: string): AboutLeaving | undefined {
  try {
    const parsed = v.safeParse(aboutLeaving, JSON.parse(readFileSync(join(folder, ABOUT), 'utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** Gives a folder, and what will be in it, the readers of a file. Where there are no access lists, only the owner reads. */
function letReadersRead(file: string, folder: string): void {
  try {
    const { mode, gid } = statSync(file);
    const listed = execFileSync('getfacl', ['--omit-header', '--absolute-names', '--numeric', file], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const named = [...listed.matchAll(/^(user|group):(\d+):r/gm)].map(([, kind, id]) => `${kind}:${id}`);
    if ((mode & READ_BY_GROUP) !== 0 && /^group::r/m.test(listed)) named.push(`group:${gid}`);
    if ((mode & READ_BY_ALL) !== 0) named.push('other:');
    for (const who of new Set(named))
      execFileSync('setfacl', ['-m', `${who}:r-x`, '-d', '-m', `${who}:r-x`, folder], { stdio: 'ignore' });
  } catch {
    // No access lists here, or no such file yet: the owner's alone.
  }
}
