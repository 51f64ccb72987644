/** A catalogue in another language: the same names, the same kind of entry. */
export type Translated<T> = {
  readonly [K in keyof T]: T[K] extends string ? string : { readonly one: string; readonly other: string };
};
