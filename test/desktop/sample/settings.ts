import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export class Settings {
  readonly #file: string;
  #paused: boolean;

  constructor(folder: string) {
    this.#file = join(folder, 'settings.json');
    this.#paused = this.#read();
  }

  get paused(): boolean {
    return this.#paused;
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, JSON.stringify({ paused }));
  }

  #read(): boolean {
    try {
      return (JSON.parse(readFileSync(this.#file, 'utf8')) as { readonly paused?: unknown }).paused === true;
    } catch {
      return false; // the first start
    }
  }
}
