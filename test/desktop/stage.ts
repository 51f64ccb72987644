import { join } from 'node:path';
import type { Check } from './check.ts';
import { Application, type Subject } from './driver/application.ts';
import type { Electron } from './driver/electron.ts';
import { giveTo, type Account } from './session/account.ts';
import { Desktop, type Theme } from './session/desktop.ts';
import { takePicture } from './session/screen.ts';
import { setPatience } from './until.ts';

/** A desktop, and the Electron that plays on it. */
export class Stage {
  readonly desktop: Desktop;
  readonly #electron: Electron;

  private constructor(desktop: Desktop, electron: Electron) {
    this.desktop = desktop;
    this.#electron = electron;
  }

  /**
   * @param pick `pickElectron` or `standIn`
   * @param patience milliseconds that the checks wait for a condition, once the desktop is there
   */
  static async open(pick: (account: Account) => Electron, patience?: number, theme?: Theme): Promise<Stage> {
    const desktop = await Desktop.start(theme);
    const stage = new Stage(desktop, pick(desktop.account));
    if (patience !== undefined) setPatience(patience);
    return stage;
  }

  /** Which host this is and whose processes, in one line for the log. */
  get says(): string {
    return `${this.#electron.says}; the desktop ${this.desktop.account.says}`;
  }

  close(): Promise<void> {
    return this.desktop.stop();
  }

  /** Lets an application be built into a folder of the desktop, which its account may then read. @returns what `build` gives */
  async build(name: string, build: (folder: string) => Promise<string>): Promise<string> {
    const folder = join(this.desktop.folder, 'built', name);
    const built = await build(folder);
    giveTo(this.desktop.account, folder);
    return built;
  }

  /** A fresh application on the desktop, for who starts and stops it himself. */
  prepare(subject: Subject): Promise<Application> {
    return Application.prepare(this.desktop, this.#electron, subject);
  }

  /** @throws what the check throws, with all that the application has said */
  async perform(check: Check, subject: Subject): Promise<void> {
    const application = await this.prepare(subject);
    try {
      await check.run(application);
    } catch (error) {
      await takePicture(this.desktop, `failed ${check.name.slice(0, 40)}`);
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${reason}\n── the application said:\n${application.output}`, { cause: error });
    } finally {
      await application.stop();
    }
  }
}
