import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

import * as v from 'valibot';

const announced = v.object({
  origin: v.pipe(v.string(), v.regex(/^http:\/\/(127\.0\.0\.1|\[::1\]):\d+$/)),
  token: v.string(),
});
export type Announced = v.InferOutput<typeof announced>;

const TIMEOUT_MS = 3000;

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

  /** @param folder private to the user, made where it is missing; @param state the absolute state folder */
  constructor(folder: string, state: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    if (uid !== process.geteuid?.() || (mode & 0o077) !== 0)
      throw new Error(`The folder ${folder} is not this user's alone. Run: chmod 700 '${folder}'`);
    const name = `serve-${createHash('sha256').update(state).digest('hex').slice(0, 12)}`;
    this.#file = join(folder, `${name}.json`);
    this.tokenFile = join(folder, `${name}.token`);
    this.#page = join(folder, `${name}.html`);
  }

  tell({ origin, token }: Announced): void {
    write(this.#file, JSON.stringify({ origin, token }));
    write(this.tokenFile, token);
  }

  /** @param address with its key @returns the file to be opened instead of it */
  page(address: string): string {
    const safe = address.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
    write(
      this.#page,
      `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${safe}"><title>ubad</title>`,
    );
    return this.#page;
  }

  /** Only what this server has told: another may have begun since. */
  end({ token }: Announced): void {
    if (this.#read()?.token !== token) return;
    for (const file of [this.#file, this.tokenFile, this.#page]) rmSync(file, { force: true });
  }

  /** A fresh address of the server that runs on this state folder; undefined: none does. */
  async running(): Promise<string | undefined> {
    const found = this.#read();
    if (!found) return undefined;
    try {
      const reply = await fetch(`${found.origin}/key`, {
        ...{
          method: 'POST',
          headers: { authorization: `Bearer ${found.token}`, 'content-type': 'application/json' },
          body: '{}',
        },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const { key } = v.parse(v.object({ key: v.string() }), await reply.json());
      return addressOf(found.origin, key);
    } catch {
      return undefined; // It died and left its file, or its port is another's by now.
    }
  }

  #read(): Announced | undefined {
    try {
      return v.parse(announced, JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch {
      return undefined;
    }
  }
}

/** The address to be opened: what is behind `#` never leaves the browser. */
export const addressOf = (origin: string, key: string): string => `${origin}/#key=${key}`;

/** $XDG_RUNTIME_DIR/ubad, which ends with the login; where there is none, a folder beside what is remembered. */
export function runtimeFolder(otherwise: string): string {
  const { XDG_RUNTIME_DIR: runtime } = process.env;
  return runtime !== undefined && isAbsolute(runtime) ? join(runtime, 'ubad') : join(otherwise, 'run');
}

function write(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}`;
  rmSync(unfinished, { force: true });
  writeFileSync(unfinished, text, { mode: 0o600, flag: 'wx' });
  renameSync(unfinished, file);
}
