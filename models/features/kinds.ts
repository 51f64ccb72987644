import type { ColumnKind, QueryLearning } from '../action.ts';

/** Columns that name one thing once: ids of processes and files, points in time. */
const identities =
  /(^|_)(pid|ppid|tid|parent|parent_pid|sid|pgroup|inode|device|eid|time|uptime|start_time|[abcm]time|epoch|counter|sequence|uuid|transaction_id)$/;
const amounts = /(^|_)(size|bytes|len|length|count|duration|rss|resident_size|total_size|threads|nice|percent)$/;
const ports = /(^|_)port$/;
const addresses = /(^|_)(address|ip|host_ip|remote|gateway|destination)$/;
const commands = /^(cmdline|command|command_line|cmd|argv)$/;
const numeric = /^-?\d+(\.\d+)?$/;
const addressLike = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]*:[0-9a-f:.]*)$/i;

/** What a column of a query that no pack describes most likely is, from its name and one of its values. */
export function guessKind(column: string, value: string): ColumnKind {
  if (identities.test(column)) return 'identity';
  if (commands.test(column)) return 'command';
  if (ports.test(column)) return 'port';
  if (addresses.test(column) || addressLike.test(value)) return 'address';
  if (value.startsWith('/')) return 'path';
  if (amounts.test(column) && numeric.test(value)) return 'quantity';
  return 'word';
}

/** A query that no pack describes: judged, with the weight of an ordinary one. */
export function unknownQuery(query: string): QueryLearning {
  return { query, label: query.replaceAll('_', ' '), importance: 5, columns: {} };
}
