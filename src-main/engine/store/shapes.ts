import type { Action, Change } from '../../../models/action.ts';
import { list, record, tuple, type Shape } from '../../../models/saved.ts';
import { columns, number, text } from './columns.ts';
import type { Connection } from './sql.ts';

/** What an action says, in the form in which it is kept: the names of its columns once a shape, its values in its row. */
interface Shaped {
  readonly shape: number;
  /** JSON array. */
  readonly values: string;
}

export interface Shapes {
  /** Only in a transaction: an action of a new shape makes it. */
  shape(action: Pick<Action, 'query' | 'change' | 'columns'>): Shaped;
  /** The inverse of `shape`. */
  unshape(shaped: Shaped): Pick<Action, 'query' | 'change' | 'columns'>;
}

/**
 * A pack's queries make a few dozen. A log of nonsense, with other columns in every row, would make a shape a row, and
 * retention never deletes shapes: from here on such rows carry their names themselves.
 */
const MOST_SHAPES = 4096;

/** The `names` of the one shape whose rows carry everything themselves: `[query, change, columns]`. */
const SELF_CONTAINED = 'null';

const isChange: Shape<Change> = (value): value is Change =>
  value === 'added' || value === 'removed' || value === 'snapshot';
const texts = list(text);
const textsOrNull: Shape<string[] | null> = (value): value is string[] | null => value === null || texts(value);
const selfContained = tuple(text, isChange, record(text));

const row = columns({
  id: number,
  query: text,
  /** Believed only as a text: a damaged or foreign database may say anything. */
  change: text,
  names: text,
});

interface Known {
  readonly query: string;
  readonly change: Change;
  readonly names: readonly string[] | null;
}

export function shapesIn(connection: Connection, most: number = MOST_SHAPES): Shapes {
  const count = connection.read(columns({ count: number }), 'SELECT count(*) AS count FROM shapes');
  const find = connection.read(row, 'SELECT * FROM shapes WHERE query = ? AND change = ? AND names = ?');
  const insert = connection.prepare('INSERT INTO shapes (query, change, names) VALUES (?, ?, ?)');
  const byId = connection.read(row, 'SELECT * FROM shapes WHERE id = ?');

  const ids = new Map<string, number>();
  const shapes = new Map<number, Known>();
  connection.onRollback(() => {
    ids.clear();
    shapes.clear();
  });

  function idOf(query: string, change: Change, names: string): number | undefined {
    const key = `${change}${names}${query}`;
    const remembered = ids.get(key);
    if (remembered !== undefined) return remembered;
    connection.mustBeInTransaction();
    let id = find.get(query, change, names)?.id;
    if (id === undefined) {
      if (names !== SELF_CONTAINED && count.get()!.count >= most) return undefined;
      id = insert.run(query, change, names).id;
    }
    ids.set(key, id);
    return id;
  }

  function shapeOf(id: number): Known {
    const remembered = shapes.get(id);
    if (remembered !== undefined) return remembered;
    const row = byId.get(id);
    if (row === undefined) throw connection.damaged(`an action names shape ${id}, which is not there`);
    const { query, change } = row;
    if (!isChange(change)) throw connection.damaged('an action in it is neither added, removed nor of a snapshot');
    const shape = { query, change, names: connection.jsonOf(row.names, textsOrNull, 'a list of columns') };
    shapes.set(id, shape);
    return shape;
  }

  return {
    shape({ query, change, columns }) {
      const id = idOf(query, change, JSON.stringify(Object.keys(columns)));
      if (id !== undefined) return { shape: id, values: JSON.stringify(Object.values(columns)) };
      return { shape: idOf('', 'added', SELF_CONTAINED)!, values: JSON.stringify([query, change, columns]) };
    },
    unshape(shaped) {
      const { query, change, names } = shapeOf(shaped.shape);
      if (names === null) {
        const [ownQuery, ownChange, columns] = connection.jsonOf(shaped.values, selfContained, 'an action');
        return { query: ownQuery, change: ownChange, columns };
      }
      const values = connection.jsonOf(shaped.values, texts, 'an action');
      if (values.length !== names.length) throw connection.damaged('an action has other columns than its shape');
      // fromEntries makes own properties, also of a column that is called __proto__.
      return { query, change, columns: Object.fromEntries(names.map((name, at) => [name, values[at]!])) };
    },
  };
}
