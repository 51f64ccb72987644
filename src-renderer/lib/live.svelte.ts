import type { DesktopState } from '../../src-main/contract/desktop.ts';
import type { EngineStatus, AlertEvent } from '../../src-main/contract/alerts.ts';
import { doubtOf, type Doubt } from './assurance.ts';
import { desktop, engine, on } from './bridge.ts';

/** Messages kept in the window: the newest. */
const NOTICES = 5;
/** A log that has been silent for longer was found so before. Seconds. */
const LOOKED_BACK = 7 * 86_400;

/** What the engine and the desktop tell by themselves: the one living state that screens share. */
class Live {
  status = $state.raw<EngineStatus>();
  desktop = $state.raw<DesktopState>();
  /** Progress 0…1 by user, while a model is trained. */
  training = $state<Record<string, number>>({});
  /** The newest alert that was opened while the window was open. */
  opened = $state.raw<AlertEvent>();
  notices = $state<string[]>([]);
  /** Counts what happened to alerts: who shows them reads them again when it changes. */
  alertsChanged = $state(0);
  /** Since when the log tells nothing, Unix seconds; null: it is fresh, or nobody knows. */
  silentSince = $state<number | null>(null);
  /** Counts what happened to models. */
  modelsChanged = $state(0);
  /** Counts the changes between this machine and the example: nothing of the one is to stay for the other. */
  turn = $state(0);

  /** Why nobody can say that all is calm; undefined: it is. */
  get doubt(): Doubt | undefined {
    return doubtOf({ status: this.status, desktop: this.desktop, silentSince: this.silentSince });
  }

  /** Begins to listen. @returns how to stop */
  start(): () => void {
    const stops = [
      on('status', (status) => {
        this.status = status;
        this.alertsChanged++;
      }),
      on('desktop', (state) => {
        this.#meet(state);
      }),
      on('training', ({ user, progress }) => {
        if (progress < 1) this.training[user] = progress;
        else {
          // The window's own names of users are data: a user called "constructor" is one too.
          this.training = Object.fromEntries(Object.entries(this.training).filter(([name]) => name !== user));
          this.modelsChanged++;
        }
      }),
      on('incident', (alertEvent) => {
        if (alertEvent.change === 'opened') this.opened = alertEvent;
        this.alertsChanged++;
      }),
      on('notice', (text) => {
        this.notices = [text, ...this.notices.filter((one) => one !== text)].slice(0, NOTICES);
      }),
    ];
    void this.look();
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** Asks once for what is told only when it changes. What was told meanwhile is newer, and stays. */
  async look(): Promise<void> {
    const { turn } = this;
    const state = desktop.desktop(undefined).then((found) => (this.desktop ??= found));
    const status = engine.status(undefined).then((found) => {
      if (turn === this.turn) this.status ??= found;
    });
    await Promise.allSettled([state, status]);
  }

  /** Asks whether the log has fallen silent. @param now Unix seconds */
  async listen(now: number): Promise<void> {
    const { turn } = this;
    const spans = await engine.spans({ from: now - LOOKED_BACK, to: now }).catch(() => undefined);
    if (turn !== this.turn || !spans) return;
    this.silentSince = spans.gaps.find(({ to }) => to === null)?.from ?? null;
  }

  #meet(state: DesktopState): void {
    const isAnother = this.desktop !== undefined && (this.desktop.example === null) !== (state.example === null);
    this.desktop = state;
    if (!isAnother) return;
    this.turn++;
    [this.status, this.opened, this.training, this.notices] = [undefined, undefined, {}, []];
    this.silentSince = null;
    void this.look();
  }

  forgetNotice(text: string): void {
    this.notices = this.notices.filter((one) => one !== text);
  }
}

export const live = new Live();
