/** By which partition an alert is known: it keeps the key that it was told under first, also when the fleet is split. */
import { columns, number, text } from '../../engine/store/columns.ts';
import type { Connection } from '../../engine/store/sql.ts';
import { partitionOf } from '../wire/subjects.ts';

/** @param partition that tells of an incident now */
export function firstTeller(connection: Connection, partition: number, incident: number): number {
  const hostOf = (of: number): string | undefined =>
    connection
      .read(columns({ host: text }), 'SELECT host FROM alerts WHERE partition = ? AND incident = ?')
      .get(of, incident)?.host;
  const isSplitOff = (of: number): boolean =>
    connection.read(columns({ split_off: number }), 'SELECT split_off FROM partitions WHERE partition = ?').get(of)
      ?.split_off === 1;
  if (hostOf(partition) !== undefined) return partition;
  for (let at = partition; at > 0 && isSplitOff(at);) {
    at -= sizeWith(at) / 2;
    const host = hostOf(at);
    if (host !== undefined && partitionOf(host, sizeWith(partition)) === partition) return at;
  }
  return partition;
}

/** Among how many partitions there is one of this number for the first time: a power of two. */
const sizeWith = (partition: number): number => (partition === 0 ? 1 : 2 ** (Math.floor(Math.log2(partition)) + 1));
