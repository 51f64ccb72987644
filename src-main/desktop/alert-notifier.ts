import type { AlertEvent } from '../contract/alerts.ts';
import type { engineCalls } from '../contract/contract.ts';
import { AskFailed, type Client } from '../contract/ipc.ts';
import { message } from '../contract/story/messages.ts';
import type { StoryLanguage } from '../contract/story/tell.ts';
import type { Memory } from '../host/memory.ts';
import { NotificationPolicy, type HeldAlert, type NotificationContent, type Order } from './notification-policy.ts';
import type { Pressed } from './notifications.ts';
import type { DoNotDisturb } from '../host/do-not-disturb.ts';

const SNOOZE_MINUTES = 60;

export interface AlertNotifierOptions {
  readonly memory: Memory;
  readonly language: StoryLanguage;
  readonly doNotDisturb: () => DoNotDisturb;
  readonly engine: Pick<Client<typeof engineCalls>, 'mark' | 'missed' | 'tick'>;
  readonly carryOut: (orders: readonly Order[]) => void;
  readonly show: (address: string) => void;
  /** Locks the screen. @returns whether it could be */
  readonly lock: () => Promise<boolean>;
  readonly notice: (text: string) => void;
}

/** From alert events to notifications, and from their buttons back. */
export class AlertNotifier {
  readonly #options: AlertNotifierOptions;
  readonly #policy: NotificationPolicy;

  constructor(options: AlertNotifierOptions) {
    this.#options = options;
    const { held, told } = options.memory.all;
    this.#policy = new NotificationPolicy(held, told, options.language);
  }

  get held(): readonly HeldAlert[] {
    return this.#policy.held;
  }

  alertEvent(alertEvent: AlertEvent): void {
    this.#carryOut(
      this.#policy.alertEvent(alertEvent, Date.now(), this.#options.doNotDisturb().holds(alertEvent.user)),
    );
    this.#heardOf(alertEvent.id);
  }

  /** The worker was started: what it stored, and nobody heard of because it died, is told now. To be called at once. */
  async catchUp(): Promise<void> {
    const { engine, memory } = this.#options;
    try {
      const { alertEvents, newest } = await engine.missed(memory.all.newest);
      for (const one of alertEvents) this.alertEvent(one);
      this.#heardOf(newest);
    } catch (error) {
      // Without an engine that opens its store there is a problem that is told already; it is asked again after a restart.
      if (!(error instanceof AskFailed)) throw error;
    }
  }

  /** Pause, snooze or quiet hours began or ended. */
  doNotDisturbChanged(): void {
    const doNotDisturb = this.#options.doNotDisturb();
    this.#carryOut(this.#policy.unmuted((user) => doNotDisturb.holds(user)));
  }

  /** A user was deleted. */
  forgetUser(user: string): void {
    this.#carryOut(this.#policy.forgetUser(user));
    this.#options.memory.forgetUser(user);
  }

  /** A person has dealt with an alert. */
  seen(id: number): void {
    this.#carryOut(this.#policy.seen(id));
  }

  /** The window has asked this of the engine, and it is done: who looks at an alert, or answers it, needs its notification no more. */
  done(name: string, input: unknown): void {
    if (name === 'acknowledge') this.seen(input as number);
    else if (name === 'mark') this.seen((input as { readonly alert: number }).alert);
    else if (name === 'markAll')
      for (const id of (input as { readonly alerts: readonly number[] }).alerts) this.seen(id);
    else if (name === 'deleteUser') {
      this.forgetUser(input as string);
      this.#options.doNotDisturb().look();
    }
  }

  /** The self-test: a person says whether they saw it. */
  test(): void {
    const content: NotificationContent = {
      key: 'test',
      title: 'ubad: this is a test',
      body: 'When you can read this, alerts can reach you.',
      urgency: 'normal',
      address: '#/setup',
    };
    this.#options.carryOut([{ do: 'show', content }]);
  }

  pressed(pressed: Pressed, { alert, address, urgency }: NotificationContent): void {
    const { show, doNotDisturb } = this.#options;
    if (pressed === 'lock') void this.#lock(alert?.id);
    // Whoever sits there could wave a critical one away: it is asked where it stands what it is about.
    else if (alert && pressed === 'normal' && urgency === 'critical') show(`${address}/normal`);
    else if (alert && pressed === 'normal') void this.#normal(alert.id);
    else if (alert && pressed === 'snooze') doNotDisturb().snooze(alert.user, SNOOZE_MINUTES);
    else show(address);
  }

  /** It is one of the steps against the alert: it is noted there as if it had been ticked. */
  async #lock(alert: number | undefined): Promise<void> {
    const { engine, lock } = this.#options;
    if (!(await lock()) || alert === undefined) return;
    // Of an alert that is gone, or without an engine, nothing is noted; the screen is locked all the same.
    await engine.tick({ alert, step: 'lock', done: true }).catch(() => undefined);
  }

  async #normal(alert: number): Promise<void> {
    const { engine, notice } = this.#options;
    try {
      await engine.mark({ alert, verdict: 'normal', kinds: [], days: null });
      this.seen(alert);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      notice(message('desktop.not-normal', { id: alert, cause: why }));
    }
  }

  #heardOf(id: number): void {
    const { memory } = this.#options;
    if (id > (memory.all.newest ?? -1)) memory.remember({ newest: id });
  }

  #carryOut(orders: readonly Order[]): void {
    const { memory, carryOut } = this.#options;
    carryOut(orders);
    const { held, told } = this.#policy;
    const { all } = memory;
    if (JSON.stringify([all.held, all.told]) === JSON.stringify([held, told])) return;
    memory.remember({ held: [...held], told: [...told] });
  }
}
