/** The share of places that are taken, at most: a search ends at an empty one. */
const FULLEST = 0.75;
/** Space for more fields when none is left: a user's are thousands, and hardly one comes after the training. */
const GROWTH = 1.125;
const LEAST_ROOM = 8;
const LARGEST_16 = 2 ** 16 - 1;

/**
 * Numbers fields 0, 1, … in the order in which they come. A hash table in two arrays: of what a Map takes a seventh, and quicker to
 * ask.
 */
export class FieldRows {
  /** By row; the first `#size` count. */
  #fields: Int32Array;
  #size = 0;
  /** Row + 1 at a field's place; 0 where there is none. */
  #rows!: Uint16Array | Uint32Array;
  #shift!: number;
  #mostRows!: number;

  /** @param fields whole numbers of 32 bits, distinct */
  constructor(fields: ArrayLike<number> = []) {
    this.#fields = new Int32Array(fields);
    this.#size = fields.length;
    this.#placeAll(fields.length);
  }

  /** Of fields that may stand there again: such have the row that they had first. */
  static of(fields: ArrayLike<number>): FieldRows {
    const rows = new FieldRows();
    rows.#fields = new Int32Array(fields.length);
    rows.#placeAll(fields.length);
    for (let f = 0; f < fields.length; f++) rows.add(fields[f]!);
    return rows;
  }

  get size(): number {
    return this.#size;
  }

  /** −1 for a field that has none. */
  row(field: number): number {
    return this.#rows[this.#place(field)]! - 1;
  }

  /** The field's row: a new one gets the next. */
  add(field: number): number {
    const place = this.#place(field);
    const known = this.#rows[place]!;
    if (known > 0) return known - 1;
    if (this.#size === this.#fields.length) {
      const grown = new Int32Array(Math.max(LEAST_ROOM, Math.ceil(GROWTH * this.#size)));
      grown.set(this.#fields);
      this.#fields = grown;
    }
    const row = this.#size++;
    this.#fields[row] = field;
    if (this.#size > FULLEST * this.#rows.length || this.#size > this.#mostRows) this.#placeAll(2 * this.#size);
    else this.#rows[place] = row + 1;
    return row;
  }

  /** The fields in the order in which they came; a view, to be read before the next `add`. Shape [size]. */
  all(): Int32Array {
    return this.#fields.subarray(0, this.#size);
  }

  /** Gives all a place again, with room for `count`. */
  #placeAll(count: number): void {
    const bits = Math.max(1, Math.ceil(Math.log2((count + 1) / FULLEST)));
    this.#shift = 32 - bits;
    const isSmall = count <= LARGEST_16;
    this.#rows = isSmall ? new Uint16Array(2 ** bits) : new Uint32Array(2 ** bits);
    this.#mostRows = isSmall ? LARGEST_16 : Infinity;
    for (let row = 0; row < this.#size; row++) this.#rows[this.#place(this.#fields[row]!)] = row + 1;
  }

  /** Where the field is, or would be. Source: Knuth, The Art of Computer Programming 3, 6.4: multiplication, linear probing. */
  #place(field: number): number {
    const [fields, rows] = [this.#fields, this.#rows];
    let place = Math.imul(field, 0x9e3779b1) >>> this.#shift;
    for (let row = rows[place]!; row !== 0 && fields[row - 1] !== field; row = rows[place]!)
      place = (place + 1) & (rows.length - 1);
    return place;
  }
}
