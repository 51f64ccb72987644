import { columns, number, text, type RowOf } from './columns.ts';
import type { Connection } from './sql.ts';

/** Whose behaviour is learned: a user, or a host itself. */
export interface Subject {
  readonly id: number;
  readonly name: string;
  /** Unix seconds, by the time of the actions, not of reading them. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** How many actions of this subject the store holds now. */
  readonly stored: number;
}

export interface Subjects {
  /** The id of the subject of this name; made where it is new. Only in a transaction.
   *  @param at Unix seconds: when a new subject was first seen */
  ensure(name: string, at: number): number;
  byName(name: string): Subject | undefined;
  byId(id: number): Subject | undefined;
  /** By name. @param only of these ids */
  list(only?: Iterable<number>): Subject[];
}

const row = columns({ id: number, name: text, first_seen: number, last_seen: number, stored: number });
type Row = RowOf<typeof row>;

export function subjectsIn(connection: Connection): Subjects {
  const insert = connection.prepare(
    'INSERT INTO subjects (name, first_seen, last_seen) VALUES (?1, ?2, ?2) ON CONFLICT (name) DO NOTHING',
  );
  const byName = connection.read(row, 'SELECT * FROM subjects WHERE name = ?');
  const byId = connection.read(row, 'SELECT * FROM subjects WHERE id = ?');
  const all = connection.read(row, 'SELECT * FROM subjects ORDER BY name');

  const some = connection.read(
    row,
    // The few are gone through, not the many: a plan by the order of names would read them all.
    'SELECT subjects.* FROM json_each(?) AS few CROSS JOIN subjects ON subjects.id = few.value ORDER BY name',
  );

  const known = new Map<string, number>();
  connection.onRollback(() => {
    known.clear();
  });

  return {
    ensure(name, at) {
      const remembered = known.get(name);
      if (remembered !== undefined) return remembered;
      connection.mustBeInTransaction();
      insert.run(name, at);
      const { id } = byName.get(name)!;
      known.set(name, id);
      return id;
    },
    byName: (name) => subjectOf(byName.get(name)),
    byId: (id) => subjectOf(byId.get(id)),
    list: (only) => (only ? some.all(JSON.stringify([...only])) : all.all()).map((row) => subjectOf(row)!),
  };
}

function subjectOf(row: Row | undefined): Subject | undefined {
  return row && { id: row.id, name: row.name, firstSeen: row.first_seen, lastSeen: row.last_seen, stored: row.stored };
}
