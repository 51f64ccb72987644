import type { Check } from '../check.ts';
import type { Electron } from '../driver/electron.ts';
import { repository, type Theme } from '../session/desktop.ts';
import type { Account } from '../session/account.ts';
import { Stage } from '../stage.ts';
import { buildChanged, ensureBuilt, type Change } from './build.ts';
import { example } from './checks/check.ts';
import { packAndUnpack } from './package.ts';
import { trainedState } from './state.ts';
import { appSubject } from './subject.ts';

/** A desktop with the application as it ships, and a trained model of each user of the example. */
export class AppStage {
  readonly #stage: Stage;
  readonly #app: string;
  readonly #state: string;

  private constructor(stage: Stage, app: string, state: string) {
    this.#stage = stage;
    this.#app = app;
    this.#state = state;
  }

  /** @param patience as of `Stage.open`; @param theme of the desktop */
  static async open(pick: (account: Account) => Electron, patience?: number, theme?: Theme): Promise<AppStage> {
    ensureBuilt();
    const stage = await Stage.open(pick, patience, theme);
    try {
      const app = await stage.build('ubad', (to) => packAndUnpack(repository, to));
      return new AppStage(stage, app, await trainedState(stage.desktop, app, example));
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  get says(): string {
    return this.#stage.says;
  }

  close(): Promise<void> {
    return this.#stage.close();
  }

  /** @throws what the check throws, with all that the application has said */
  perform(check: Check, app = this.#app): Promise<void> {
    return this.#stage.perform(check, appSubject(app, this.#state));
  }

  /** Performs a check of the application with a mistake in it. */
  async performMistaken(check: Check, change: Change, name: string): Promise<void> {
    const app = await this.#stage.build(name, async (to) => {
      await buildChanged(this.#app, change, to);
      return to;
    });
    await this.perform(check, app);
  }
}
