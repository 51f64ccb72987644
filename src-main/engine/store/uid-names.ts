import type { Shape } from '../../../models/saved.ts';
import { columns, text } from './columns.ts';
import type { Connection } from './sql.ts';

/** The name that a log gave a uid of a host. */
export interface UidName {
  readonly host: string;
  readonly uid: string;
  readonly name: string;
}

const uidNameRow: Shape<UidName> = columns({ host: text, uid: text, name: text });

export interface UidNames {
  list(): UidName[];
  /** These are all there are from now on. Only in a transaction. */
  replace(names: readonly UidName[]): void;
}

export function uidNamesIn(connection: Connection): UidNames {
  const list = connection.read(uidNameRow, 'SELECT host, uid, name FROM uid_names ORDER BY host, uid');
  const clear = connection.prepare('DELETE FROM uid_names');
  const insert = connection.prepare('INSERT INTO uid_names (host, uid, name) VALUES (?, ?, ?)');
  return {
    list: () => list.all(),
    replace(names) {
      connection.mustBeInTransaction();
      clear.run();
      for (const { host, uid, name } of names) insert.run(host, uid, name);
    },
  };
}
