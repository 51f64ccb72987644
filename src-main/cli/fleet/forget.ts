import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

import { quoted } from '../../engine/answer/shell.ts';
import type { FleetConfig } from '../../fleet/config.ts';
import { FleetProblem } from '../../fleet/failure.ts';
import { leftOf } from '../../fleet/inbox/left.ts';
import { InboxStore } from '../../fleet/inbox/store.ts';
import { sayTo } from '../../fleet/inbox/say.ts';
import { Owners } from '../../fleet/page/owners.ts';
import { ExactPublisher } from '../../fleet/wire/exact-publisher.ts';
import { isMeant } from '../../fleet/wire/forgotten.ts';
import { FORGOT_KEY, FORM, type ForgetMessage, type ForgotRecord } from '../../fleet/wire/messages.ts';
import { FleetSize } from '../../fleet/wire/size.ts';
import { openBucket } from '../../fleet/wire/streams.ts';
import { exitCodes, Failure } from '../failure.ts';
import { say, tellUser } from '../output.ts';
import { sayerOf } from './sayer.ts';
import { connected, type FleetOptions } from './shared.ts';

export interface ForgetFleetOptions extends FleetOptions {
  readonly yes?: boolean;
}

const LOOK_MS = 500;
/** Partitions that have not read so far by then are told of. */
const MOST_MS = 120_000;
const SHOWN = 10;

/** `ubad fleet forget <user>`: all partitions, their snapshots, the workers' copies and the inbox forget a user. */
export async function forgetFleet(user: string, options: ForgetFleetOptions): Promise<void> {
  if (user.trim() === '' || user.length > 300)
    throw new Failure('Name a user, such as anna, or anna@desk-1 for one host alone.', exitCodes.usage);
  await connected(options, 'forget', async (nc, subjects, { keepLinesDays, inbox, export: targets }) => {
    const size = await FleetSize.on(nc, subjects);
    const owners = new Owners(nc, subjects, size);
    const found = async () => {
      const { rows, away } = await owners.gather((owner) => owner.users(user));
      return { users: rows.flatMap(([, row]) => (isMeant(row.name, user) ? [row] : [])), away };
    };
    const { users, away } = await found();
    const actions = users.reduce((sum, one) => sum + one.actions, 0);
    const names = users.map(({ name }) => name);
    const some = `${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ' …' : ''}`;
    say(
      users.length === 0
        ? `No partition that answers knows ${user}.`
        : `${some}: ${actions} actions, with models, alerts, answers and notes.`,
    );
    if (away.length > 0)
      tellUser(`${away.length} partitions did not answer: they forget when they read on.`, 'warning');
    // Before they are forgotten: nobody knows it after that.
    const elsewhere = elsewhereOf(inbox.state, targets, user);
    if (!options.yes) {
      for (const line of elsewhere) say(line);
      const word = quoted(user);
      say(
        word === undefined
          ? 'Nothing was changed. Do it with the same command and --yes.'
          : `Nothing was changed. Do it with: ubad fleet forget ${word} --yes`,
      );
      return;
    }
    const signal = AbortSignal.timeout(MOST_MS);
    const at = Math.floor(Date.now() / 1000);
    const publisher = await ExactPublisher.on(nc, subjects.linesStream, signal);
    const message: ForgetMessage = { form: FORM, call: 'forget', by: sayerOf(), at, user };
    await sayTo({ publisher, subjects, size, signal }, message, (count) => Array.from({ length: count }, (_, p) => p));
    // After that: who takes a partition over later has it from the servers.
    const meta = await openBucket(nc, subjects.bucket('META'));
    await meta.put(FORGOT_KEY, JSON.stringify({ form: FORM, at } satisfies ForgotRecord));
    const left = await untilForgotten(found, signal);
    if (left > 0)
      tellUser(
        `${left} partitions have not read so far yet: they forget when they do. See: ubad fleet status`,
        'warning',
      );
    else
      say(
        `All partitions have forgotten ${user}. Each keeps two snapshots again, and the older ones go, within a minute.`,
      );
    tellInbox(inbox.state, user);
    say(
      `Until ${minute(at + keepLinesDays * 86_400)} their lines are in the stream, from which nobody reads them again but a partition that was lost; ` +
        'messages about their alerts stay on the servers until 100,000 newer ones of their partition.',
    );
    for (const line of elsewhere) say(line);
    say(
      'A computer that sends its log or its alerts keeps what lies on it: run ubad forget there. The last 50 blocks that it sent stay until 50 newer ones.',
    );
  });
}

/** @returns how many partitions did not answer, or know the user still */
async function untilForgotten(
  find: () => Promise<{ readonly users: readonly unknown[]; readonly away: readonly number[] }>,
  signal: AbortSignal,
): Promise<number> {
  for (;;) {
    const { users, away } = await find();
    if (users.length + away.length === 0) return 0;
    if (signal.aborted) return users.length + away.length;
    await setTimeout(LOOK_MS);
  }
}

/** What is of them where this does not reach, a sentence each. */
function elsewhereOf(folder: string, targets: FleetConfig['export'], user: string): string[] {
  if (!existsSync(folder))
    return [
      'What was sent on to other systems stands on the machine of the inbox: run the same command there to see it.',
    ];
  let store: InboxStore | undefined;
  try {
    store = InboxStore.read(folder);
    const { alerts, sent, computers } = leftOf(store, folder, targets, user);
    return [
      `The inbox here has ${alerts} alerts of theirs.`,
      ...sent.map(
        ({ name, where, alerts: count, last }) =>
          `Up to ${count} of their alerts were sent to ${name} (${where}), the last told ${minute(last)}: only who runs it can delete them there. What was not sent yet is not sent any more.`,
      ),
      ...(computers.length > 0
        ? [
            `${computers.slice(0, SHOWN).join(', ')}${computers.length > SHOWN ? ' …' : ''} told of them by itself, and keeps it: run ubad forget there.`,
          ]
        : []),
    ];
  } catch (error) {
    if (!(error instanceof FleetProblem)) throw error;
    return [`What was sent on to other systems is not known. ${error.message}`];
  } finally {
    store?.close();
  }
}

const minute = (at: number): string => `${new Date(at * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function tellInbox(folder: string, user: string): void {
  if (!existsSync(folder)) {
    say('There is no inbox on this machine: where it is, it forgets when it reads on.');
    return;
  }
  let store: InboxStore | undefined;
  try {
    store = InboxStore.read(folder);
    const left = store.alerts({ onlyWaiting: false, limit: 100_000 }).filter((one) => isMeant(one.user, user)).length;
    if (left > 0)
      tellUser(
        `The inbox here has ${left} alerts of ${user} still: it forgets them when it reads on (ubad fleet inbox).`,
        'warning',
      );
    else say('The inbox here has no alert of theirs any more.');
  } catch (error) {
    if (!(error instanceof FleetProblem)) throw error;
    tellUser(`Whether the inbox here has forgotten them is not known. ${error.message}`, 'warning');
  } finally {
    store?.close();
  }
}
