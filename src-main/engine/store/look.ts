import type { Shape } from '../../../models/saved.ts';
import { columns, orNull, text } from './columns.ts';
import { JSON_TEXTS } from './soundness.ts';
import type { Connection } from './sql.ts';

/** Rows of one slice of a look in the background: some milliseconds. */
const ROWS = 500;

type Row = Readonly<Record<string, string | number | null>>;
/** Of whatever table: what a value is, `wrong` tells. */
const anyRow: Shape<Row> = (value): value is Row => typeof value === 'object' && value !== null;

/**
 * The same look in slices, between which anything may be read and written: each row of each table and each entry of each
 * index is read once. What was stored since is not looked at.
 * @throws StoreBroken for what is damaged
 */
export function* lookInSlices(connection: Connection, rows: number = ROWS): Generator<undefined, void> {
  const names = connection.read(
    columns({ name: text }),
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'",
  );
  for (const { name } of names.all()) {
    const key = keyOf(connection, name);
    for (const { what, from, order, wrong } of waysThrough(connection, name, key)) {
      const sorted = order.join();
      const found = `SELECT ${what}, ${wrong} AS "wrong" FROM ${from}`;
      const first = connection.read(anyRow, `${found} ORDER BY ${sorted} LIMIT ${rows}`);
      const and = from.includes(' WHERE ') ? 'AND' : 'WHERE';
      const next = connection.read(
        anyRow,
        `${found} ${and} (${sorted}) > (${order.map(() => '?').join()}) ORDER BY ${sorted} LIMIT ${rows}`,
      );
      for (let page = first.all(); page.length > 0;) {
        const wrongRow = page.find((row) => row.wrong !== null);
        if (wrongRow) throw connection.damaged(String(wrongRow.wrong));
        yield;
        page = next.all(...order.map((column) => page.at(-1)![column.slice(1, -1)]!));
      }
    }
  }
}

interface Way {
  /** Columns that are read. */
  readonly what: string;
  readonly from: string;
  /** Quoted columns that tell each entry from others, in whose order they come. */
  readonly order: readonly string[];
  /** SQL that says what is wrong with a row, NULL where nothing is. */
  readonly wrong: string;
}

/** The table itself, and each of its indexes. */
function waysThrough(connection: Connection, table: string, key: readonly string[]): Way[] {
  const indexes = connection
    .read(
      columns({ name: text, sql: orNull(text) }),
      "SELECT l.name, s.sql FROM pragma_index_list(?) AS l JOIN sqlite_schema AS s ON s.name = l.name WHERE l.origin <> 'pk'",
    )
    .all(table);
  const columnsOf = connection.read(columns({ name: text }), 'SELECT name FROM pragma_index_info(?) ORDER BY seqno');
  return [
    { what: '*', from: quoted(table), order: key, wrong: wrongIn(connection, table) },
    ...indexes.map(({ name, sql }) => {
      const [, condition] = / WHERE (.+)$/s.exec(sql ?? '') ?? [];
      const indexed = columnsOf.all(name).map((column) => quoted(column.name));
      const order = [...indexed, ...key.filter((column) => !indexed.includes(column))];
      const from = `${quoted(table)} INDEXED BY ${quoted(name)}${condition === undefined ? '' : ` WHERE ${condition}`}`;
      return { what: order.join(), from, order, wrong: 'NULL' };
    }),
  ];
}

function keyOf(connection: Connection, table: string): string[] {
  const keys = connection.read(
    columns({ name: text }),
    'SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk',
  );
  return keys.all(table).map(({ name }) => quoted(name));
}

function wrongIn(connection: Connection, table: string): string {
  const keys = connection
    .read(
      columns({ parent: text, from: text, to: text }),
      'SELECT "table" AS parent, "from", "to" FROM pragma_foreign_key_list(?)',
    )
    .all(table);
  const cases = [
    ...keys.map(({ parent, from, to }) => {
      const own = `${quoted(table)}.${quoted(from)}`;
      const there = `SELECT 1 FROM ${quoted(parent)} AS parent WHERE parent.${quoted(to)} = ${own}`;
      return `WHEN ${own} IS NOT NULL AND NOT EXISTS (${there}) THEN 'a row of ${table} names one that is gone'`;
    }),
    ...JSON_TEXTS.filter(([of]) => of === table).map(
      ([, column]) => `WHEN NOT json_valid(${column}) THEN 'a text in ${table} is no JSON any more'`,
    ),
  ];
  return cases.length === 0 ? 'NULL' : `CASE ${cases.join(' ')} END`;
}

const quoted = (name: string): string => `"${name}"`;
