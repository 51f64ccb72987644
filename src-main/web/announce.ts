import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';

import * as v from 'valibot';

import { writeWhole } from '../system/whole-file.ts';
import { browserFolder } from './browser-folder.ts';
import { newSecret } from './keys.ts';
import { answer, answerersProof, askersProof, isSame, type Answer } from './proof.ts';

const announced = v.object({
  origin: v.pipe(v.string(), v.regex(/^http:\/\/(127\.0\.0\.1|\[::1\]):\d{1,5}$/)),
  secret: v.pipe(v.string(), v.regex(/^[\w-]{43}$/)),
  /** Which process, and when it began: a pid alone is another's by and by. */
  pid: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  began: v.string(),
});
type Announced = v.InferOutput<typeof announced>;
export type Told = Pick<Announced, 'origin' | 'secret'> & { readonly token: string };

/** Whether a server runs on this state folder. */
export type Running =
  | { readonly state: 'none' }
  /** It has proven itself; `address` opens its page once. */
  | { readonly state: 'running'; readonly address: string }
  /** Its process is gone, and somebody else listens where it did. */
  | { readonly state: 'stranger'; readonly origin: string }
  /** Its process is there and does not prove itself. */
  | { readonly state: 'silent'; readonly origin: string; readonly pid: number };

const TIMEOUT_MS = 3000;
/** So much is read of an answer: a key and a proof are 130 bytes. */
const MOST_ANSWER = 1024;

/**
 * Where a running server tells its own user of itself: files that nobody else can read, gone when it stops. By state
 * folder, of which each has one server at most.
 */
export class Announcement {
  readonly #file: string;
  /** The token by itself, as Prometheus wants it (`credentials_file`). */
  readonly tokenFile: string;
  /** Leads a browser to the address: as an argument of a browser, all users could read it. */
  readonly #page: string;
  readonly #readable: () => string | undefined;

  /**
   * @param folder private to the user, made where it is missing; @param state the absolute state folder
   * @param readable for tests: a folder for what the browser is to open, where it cannot read `folder`
   */
  constructor(folder: string, state: string, readable: () => string | undefined = browserFolder) {
    this.#readable = readable;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    if (uid !== process.geteuid?.() || (mode & 0o077) !== 0)
      throw new Error(`The folder ${folder} is not this user's alone. Run: chmod 700 '${folder}'`);
    const name = `serve-${createHash('sha256').update(state).digest('hex').slice(0, 12)}`;
    this.#file = join(folder, `${name}.json`);
    this.tokenFile = join(folder, `${name}.token`);
    this.#page = join(folder, `${name}.html`);
  }

  tell({ origin, secret, token }: Told): void {
    writeWhole(this.#file, JSON.stringify({ origin, secret, pid: process.pid, began: beganAt(process.pid) ?? '' }));
    writeWhole(this.tokenFile, token);
  }

  /** @param address with its key @returns the file to be opened instead of it */
  page(address: string): string {
    const safe = address.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
    const readable = this.#readable();
    const page = readable === undefined ? this.#page : join(readable, basename(this.#page));
    writeWhole(
      page,
      `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${safe}"><title>ubad</title>`,
    );
    return page;
  }

  /** Only what this server has told: another may have begun since. */
  end({ secret }: Pick<Told, 'secret'>): void {
    if (this.#read()?.secret !== secret) return;
    for (const file of [this.#file, this.tokenFile, this.#page]) rmSync(file, { force: true });
    const readable = this.#readable();
    if (readable !== undefined) rmSync(join(readable, basename(this.#page)), { force: true });
  }

  /**
   * Asks where the last server on this state folder was announced, and believes only what proves that it knows the secret.
   * @param person whose page is wanted; not given: that of whoever started the server
   */
  async running(person?: string): Promise<Running> {
    const found = this.#read();
    if (!found) return { state: 'none' };
    const { origin, secret, pid, began } = found;
    const challenge = newSecret();
    const proof = askersProof(secret, origin, challenge, person);
    const given = await askForKey(origin, { challenge, proof, ...(person !== undefined && { person }) });
    if (typeof given === 'object' && isSame(given.proof, answerersProof(secret, origin, challenge, given.key)))
      return { state: 'running', address: addressOf(origin, given.key) };
    if (pid !== process.pid && began !== '' && beganAt(pid) === began) return { state: 'silent', origin, pid };
    return given === 'nobody' ? { state: 'none' } : { state: 'stranger', origin };
  }

  #read(): Announced | undefined {
    try {
      return v.parse(announced, JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch {
      return undefined;
    }
  }
}

/** @returns `nobody` where nothing listens, `stranger` for an answer of another form, late, or too long */
async function askForKey(origin: string, question: object): Promise<Answer | 'nobody' | 'stranger'> {
  try {
    const reply = await fetch(`${origin}/key`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(question),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return v.parse(answer, JSON.parse(await startOf(reply)));
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
    return code === 'ECONNREFUSED' ? 'nobody' : 'stranger';
  }
}

/** An answer's text. @throws Error when it is longer than an answer can be */
async function startOf(reply: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of (reply.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += piece.byteLength;
    if (bytes > MOST_ANSWER) throw new Error('This is no answer of ours.');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** When a process began, in the kernel's ticks since it started; undefined: there is no such process. */
function beganAt(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before it may hold blanks and brackets.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** The address to be opened: what is behind `#` never leaves the browser. */
export const addressOf = (origin: string, key: string): string => `${origin}/#key=${key}`;

/** $XDG_RUNTIME_DIR/ubad, which ends with the login; where there is none, a folder beside what is remembered. */
export function runtimeFolder(otherwise: string): string {
  const { XDG_RUNTIME_DIR: runtime } = process.env;
  return runtime !== undefined && isAbsolute(runtime) ? join(runtime, 'ubad') : join(otherwise, 'run');
}
