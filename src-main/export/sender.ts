import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

import { ecsOf } from './ecs.ts';
import { ocsfOf } from './ocsf.ts';
import { syslogOf } from './rfc5424.ts';
import type { Sender } from './send-all.ts';
import { sendSyslog } from './send-syslog.ts';
import { postTo } from './send-webhook.ts';
import type { Target } from './target.ts';

/** A file that a target names and that cannot be used. The message says which. */
export class TargetProblem extends Error {
  override readonly name = 'TargetProblem';
}

const LEAST_SECRET = 16;
/** Messages of one connection. */
const MOST_SYSLOG = 100;

/** What sends events to a target. @param version of this program @throws TargetProblem for a file that it needs */
export function senderOf(target: Target, version: string): Sender {
  const ca = target.ca === null ? undefined : fileOf(target.ca, target.name);
  if (target.kind === 'syslog') {
    const { host, port } = target;
    return {
      most: MOST_SYSLOG,
      send: (events, signal) =>
        sendSyslog(
          { host, port, ca },
          events.map((event) => syslogOf(event, hostname())),
          signal,
        ),
    };
  }
  const { url, form, secretFile, private: allowed, name } = target;
  const secret = fileOf(secretFile, name).split('\n', 1)[0]!.trim();
  if (secret.length < LEAST_SECRET)
    throw new TargetProblem(
      `The secret of the target ${name} in ${secretFile} is shorter than ${LEAST_SECRET} characters. Make one with: openssl rand -hex 24`,
    );
  return {
    most: 1,
    send: async (events, signal) => {
      for (const event of events) {
        const document = form === 'ecs' ? ecsOf(event) : ocsfOf(event, version);
        await postTo({ url, secret, ca, allowed }, JSON.stringify(document), signal);
      }
    },
  };
}

function fileOf(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new TargetProblem(
      `${file}, which the target ${name} needs, cannot be read (${code}). See to its path and permissions.`,
      {
        cause: error,
      },
    );
  }
}
