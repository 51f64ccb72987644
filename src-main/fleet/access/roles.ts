/** What each kind of process may do on the servers, and nothing else. */
import { FORGOT_KEY } from '../wire/messages.ts';
import { SAY, tokenOf, type Subjects } from '../wire/subjects.ts';

export const roles = ['admin', 'worker', 'gateway', 'inbox', 'bridge', 'forward'] as const;
export type Role = (typeof roles)[number];

/** Subjects, with NATS's wildcards. */
export interface Permissions {
  readonly publish: { readonly allow: readonly string[]; readonly deny: readonly string[] };
  readonly subscribe: readonly string[];
  /** May answer whoever asked it. */
  readonly answers: boolean;
}

type Bucket = Parameters<Subjects['bucket']>[0];
const api = (call: string, stream: string, more = ''): string => `$JS.API.${call}.${stream}${more}`;

/** To read a stream from a place on: an ordered consumer, which is made, asked and thrown away. */
const reading = (stream: string): string[] => [
  api('STREAM.INFO', stream),
  api('CONSUMER.CREATE', stream),
  api('CONSUMER.CREATE', stream, '.>'),
  api('CONSUMER.INFO', stream, '.*'),
  api('CONSUMER.DELETE', stream, '.*'),
  api('CONSUMER.MSG.NEXT', stream, '.*'),
];

/** One message by its number, or the last of a subject. */
const asking = (stream: string): string[] => [
  api('STREAM.INFO', stream),
  api('STREAM.MSG.GET', stream),
  api('DIRECT.GET', stream),
  api('DIRECT.GET', stream, '.>'),
];

/**
 * @param inbox what answers come on begins with: another one's are not to be heard
 * @param host of a forwarder: it speaks for no other
 * @param results the stream that a bridge reads; default: the one that is made for it
 */
export function permissionsOf(
  role: Role,
  subjects: Subjects,
  inbox: string,
  host?: string,
  results = subjects.resultsStream,
): Permissions {
  const kv = (name: Bucket): string => `KV_${subjects.bucket(name)}`;
  const puts = (name: Bucket): string => `$KV.${subjects.bucket(name)}.>`;
  const looks = (...names: readonly Bucket[]): string[] =>
    names.flatMap((name) => [...asking(kv(name)), ...reading(kv(name))]);
  const { linesStream, alertsStream } = subjects;
  const says = subjects.lines().replace('>', `*.${SAY}`);
  const subscribe = [`${inbox}.>`];
  const only = (allow: readonly string[], deny: readonly string[] = []): Permissions => ({
    publish: { allow: [...new Set(allow)], deny },
    subscribe,
    answers: false,
  });
  switch (role) {
    case 'admin':
      // Within its own account alone: that is what a tenant is.
      return { publish: { allow: ['>'], deny: [] }, subscribe: ['>'], answers: true };
    case 'worker':
      return {
        ...only([
          ...reading(linesStream),
          ...asking(linesStream),
          ...asking(alertsStream),
          subjects.alerts(),
          ...looks('LEASES', 'OWNERS', 'STATE', 'META'),
          ...(['LEASES', 'OWNERS', 'STATE'] as const).map(puts),
          // Old snapshots, never lines.
          api('STREAM.PURGE', kv('STATE')),
        ]),
        subscribe: [...subscribe, subjects.asks()],
        answers: true,
      };
    case 'gateway':
      // All hosts' lines, but not what people say.
      return only([subjects.lines(), ...asking(linesStream), ...looks('HOSTS', 'META'), puts('HOSTS')], [says]);
    case 'inbox':
      return only([
        ...reading(alertsStream),
        ...asking(alertsStream),
        ...asking(linesStream),
        says,
        subjects.asks(),
        ...looks('LEASES', 'OWNERS', 'HOSTS', 'META'),
        puts('HOSTS'),
        `$KV.${subjects.bucket('META')}.${FORGOT_KEY}`,
      ]);
    case 'bridge':
      // As a gateway, and it reads: Fleet's stream, and of the fleet's what a host's last lines were.
      return only(
        [
          subjects.lines(),
          ...asking(linesStream),
          ...reading(linesStream),
          ...asking(results),
          ...reading(results),
          ...looks('HOSTS', 'META'),
          `$KV.${subjects.bucket('META')}.bridge`,
        ],
        [says],
      );
    case 'forward': {
      const own = subjects.lines().replace('>', `*.${tokenOf(host ?? '')}`);
      return only([
        own,
        `$JS.API.DIRECT.GET.${linesStream}.${own}`,
        // How many partitions there are: nothing else stands there but who is drained.
        api('STREAM.INFO', kv('META')),
        api('STREAM.MSG.GET', kv('META')),
      ]);
    }
  }
}
