import type { Wrapping } from './unwrap.ts';

/** What a log seems to be of which no line is a result, in a person's words. The window has the same in its languages. */
export const seemings = {
  'status-log': {
    seems: 'It seems to be osquery’s status log, in which osqueryd tells of itself.',
    remedy: 'Name the log of results, osqueryd.results.log.',
  },
  shipper: {
    seems: 'It seems to be what a log shipper (Filebeat, Fluentd, Logstash) has made of the results.',
    remedy: 'Name osquery’s own osqueryd.results.log, or let the shipper keep the line whole, in “message”.',
  },
  spread: {
    seems: 'It seems to be JSON that is spread over several lines.',
    remedy: 'Write one object a line, as osquery does: jq -c . FILE',
  },
  'not-json': {
    seems: 'Its lines are no JSON, or are cut: it seems to be the log of another program.',
    remedy: 'Name osquery’s log of results, osqueryd.results.log.',
  },
  'no-result': {
    seems: 'Its lines are JSON, but no results of osquery.',
    remedy: 'Name osquery’s log of results, osqueryd.results.log.',
  },
} as const;
export type Seeming = keyof typeof seemings;

/** What was odd about lines that were read all the same, after "12 lines of /var/log/x". */
export const oddTexts: Readonly<Record<Wrapping | 'future', string>> = {
  prefix:
    'had something before their JSON, as syslog puts it there, and were unwrapped; others may write into such a log',
  several: 'held several results and were taken apart',
  array: 'were those of a JSON array and were unwrapped',
  shipped: 'were wrapped by a log shipper and were unwrapped',
  future: 'claim a time in the future and were taken for as old as the line before: see the machine’s clock',
};

/**
 * What a log seems to be, by why its lines were refused: the reason of most of them.
 * @returns undefined where none was
 */
export function seemingOf(refused: Iterable<readonly [reason: string, count: number]>): Seeming | undefined {
  const most = [...refused].sort((a, b) => b[1] - a[1])[0]?.[0];
  if (most === undefined) return undefined;
  return Object.hasOwn(seemings, most) ? (most as Seeming) : 'no-result';
}

/** "/var/log/x holds no result of osquery. It seems to be …" */
export function seemingText(path: string, seeming: Seeming): string {
  const { seems, remedy } = seemings[seeming];
  return `${path} holds no result of osquery. ${seems} ${remedy}`;
}
