import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

import * as v from 'valibot';

import packageJson from '../../package.json' with { type: 'json' };
import type { Feed } from '../export/event.ts';
import { sendAll } from '../export/send-all.ts';
import { senderOf, TargetProblem } from '../export/sender.ts';
import { targetsSchema, type Target } from '../export/target.ts';
import { incidentFeed } from './incident-feed.ts';
import { exitCodes, Failure } from './failure.ts';
import { tellUser } from './output.ts';
import { serviceOf } from './service.ts';
import { openState, settingsOf, type Shared } from './setup.ts';
import { onStopSignal } from './stopping.ts';

/** `ubad alerts send TARGETS`: sends this machine's alerts to other systems, from now on, until it is told to stop. */
export async function sendAlerts(file: string, options: Shared): Promise<void> {
  const targets = targetsOf(file);
  const settings = settingsOf(options);
  const senders = targets.map((target) => ({ name: target.name, sender: senderFor(target) }));
  const feed: Feed = incidentFeed(() => openState(settings.state, true), { settings, host: hostname() });
  // There has to be something to read from: said at once, and not with each try.
  feed.begin();
  const stop = new AbortController();
  const forget = onStopSignal(() => {
    stop.abort();
  });
  const service = serviceOf();
  const names = targets.map(({ name }) => name).join(', ');
  service.doing(`sending alerts to ${names}`);
  tellUser(`sending alerts to ${names}`);
  const onNotice = (text: string): void => {
    tellUser(text, 'warning');
  };
  try {
    const common = { feed, folder: settings.state, signal: stop.signal, onNotice };
    await Promise.all(senders.map((one) => sendAll({ ...common, ...one })));
  } finally {
    forget();
    service.stop();
  }
}

function senderFor(target: Target): ReturnType<typeof senderOf> {
  try {
    return senderOf(target, packageJson.version);
  } catch (error) {
    throw error instanceof TargetProblem ? new Failure(error.message, exitCodes.unreadable) : error;
  }
}

/** @throws Failure naming the file, and what is wrong in it */
function targetsOf(file: string): readonly Target[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === undefined ? `is no JSON: ${(error as Error).message}` : `cannot be read (${code})`;
    throw new Failure(`${file} ${why}. It holds a list of targets, as docs/exporting.md shows.`, exitCodes.unreadable);
  }
  const parsed = v.safeParse(targetsSchema, value);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const where = v.getDotPath(issue) ?? 'the whole';
    throw new Failure(`${file}: ${where}: ${issue.message}. Change it in the file.`, exitCodes.unreadable);
  }
  if (parsed.output.length === 0) throw new Failure(`${file} names no target.`, exitCodes.usage);
  return parsed.output;
}
