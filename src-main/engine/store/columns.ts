import { text, type Shape } from '../../../models/saved.ts';

export { text };

/** A row as SQLite gives it. */
export type RowOf<RowShape> = RowShape extends Shape<infer Row> ? Row : never;

export const number: Shape<number> = (value): value is number => typeof value === 'number';
/** SQLite has no boolean. */
export const flag: Shape<0 | 1> = (value): value is 0 | 1 => value === 0 || value === 1;

export const orNull =
  <T>(of: Shape<T>): Shape<T | null> =>
  (value): value is T | null =>
    value === null || of(value);

export const oneOf =
  <const T extends string>(...values: readonly T[]): Shape<T> =>
  (value): value is T =>
    values.some((one) => one === value);

/** A row of these columns. As `object` of saved.ts, but for rows: they come by the thousand, and SQLite makes each with all of them. */
export function columns<const Shapes extends Readonly<Record<string, Shape<unknown>>>>(
  shapes: Shapes,
): Shape<{ readonly [K in keyof Shapes]: RowOf<Shapes[K]> }> {
  const each = Object.entries(shapes);
  return (value): value is { readonly [K in keyof Shapes]: RowOf<Shapes[K]> } =>
    each.every(([name, shape]) => shape((value as Record<string, unknown>)[name]));
}
