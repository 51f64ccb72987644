/** Values that programs trip over. */
export const hostile: readonly unknown[] = [
  ...[
    '',
    ' ',
    '\0',
    '\u001b]0;x\u0007',
    '\u001b[2J',
    '\u009b31m',
    '\u202e\u2066',
    '\u2028',
    '\ufeff',
    '\ud800',
    '\u{e0041}',
  ],
  ...[
    '<img src=x onerror=alert(1)>',
    '&amp;',
    '=1+1',
    '-1',
    '1e309',
    'NaN',
    '0x10',
    '__proto__',
    'constructor',
    'toString',
  ],
  ...['../../etc/passwd', '/dev/zero', 'é'.repeat(300), 'password=hunter2', "'", '"', '`$(id)`', '\\', '%s%n', '\r\n'],
  ...[
    0,
    -0,
    -1,
    0.5,
    1e21,
    2 ** 31,
    2 ** 32,
    2 ** 53,
    -(2 ** 63),
    Number.MAX_VALUE,
    1e-320,
    946_684_800,
    253_402_300_799,
  ],
  ...[true, false, null, [], {}, [[]], [null], { __proto__: null, length: 1e9 }, [1e9], { length: -1 }],
];

/** One input after another from others: `next` is uniform in 0…1. */
export class Mutator {
  readonly #next: () => number;
  readonly #words: readonly string[];

  /** @param words that mean something to the target */
  constructor(next: () => number, words: readonly string[]) {
    this.#next = next;
    this.#words = [...words, ...hostile.filter((value) => typeof value === 'string')];
  }

  upTo(count: number): number {
    return Math.floor(this.#next() * count);
  }

  one<T>(from: readonly T[]): T {
    return from[this.upTo(from.length)]!;
  }

  /** A text that is like one of the corpus, as a whole, in its structure, or hardly. */
  text(corpus: readonly string[]): string {
    const parent = this.one(corpus);
    if (this.#next() < 0.5) {
      const tree = parsed(parent);
      if (tree !== undefined) return this.#written(this.#tree(tree, this.one(corpus)));
    }
    let text = parent;
    for (let edits = 1 + this.upTo(4); edits > 0; edits--) text = this.#edit(text, corpus);
    return text;
  }

  bytes(parent: Uint8Array): Uint8Array {
    const bytes = Uint8Array.from(parent.subarray(0, this.#next() < 0.2 ? this.upTo(parent.length + 1) : undefined));
    for (let flips = 1 + this.upTo(8); flips > 0 && bytes.length > 0; flips--) {
      const at = this.#next() < 0.5 ? this.upTo(Math.min(64, bytes.length)) : this.upTo(bytes.length);
      bytes[at] = this.one([0, 1, 0x7f, 0x80, 0xff, this.upTo(256)]);
    }
    return bytes;
  }

  #edit(text: string, corpus: readonly string[]): string {
    const [a, b] = [this.upTo(text.length + 1), this.upTo(text.length + 1)].sort((x, y) => x - y) as [number, number];
    switch (this.upTo(7)) {
      case 0:
        return text.slice(0, a) + text.slice(b);
      case 1:
        return text.slice(0, a) + this.one(this.#words) + text.slice(a);
      case 2:
        return text.slice(0, a) + String.fromCharCode(this.upTo(this.#next() < 0.8 ? 128 : 65_536)) + text.slice(a + 1);
      case 3:
        return (
          text.slice(0, b) + text.slice(a, b).repeat(1 + this.upTo(this.#next() < 0.003 ? 2000 : 4)) + text.slice(b)
        );
      case 4: {
        const other = this.one(corpus);
        return text.slice(0, a) + other.slice(this.upTo(other.length + 1));
      }
      case 5:
        return text.slice(0, a) + this.one(['[', '{', '"', '}', ']', ',', ':', '\\u0000', '\\', "'"]) + text.slice(a);
      default:
        return text.slice(0, a) + this.one(this.#words) + text.slice(b);
    }
  }

  #tree(value: unknown, other: string): unknown {
    if (typeof value !== 'object' || value === null || this.#next() < 0.05) return this.#value(value, other);
    if (Array.isArray(value)) {
      const list = [...(value as unknown[])];
      const at = this.upTo(list.length);
      const choice = this.upTo(6);
      if (choice === 0) list.splice(at, 1);
      else if (choice === 1) list.push(...list.slice(at));
      else if (list.length > 0) list[at] = this.#tree(list[at], other);
      return list;
    }
    const entries = Object.entries(value);
    const at = this.upTo(entries.length);
    const choice = this.upTo(8);
    if (choice === 0) entries.splice(at, 1);
    else if (choice === 1) entries.push([this.one(this.#words), this.one(hostile)]);
    else if (choice === 2 && entries[at]) entries[at] = [this.one(this.#words), entries[at][1]];
    else if (entries[at]) entries[at] = [entries[at][0], this.#tree(entries[at][1], other)];
    return Object.fromEntries(entries);
  }

  #value(value: unknown, other: string): unknown {
    switch (this.upTo(6)) {
      case 0:
        return this.one(this.#words);
      case 1:
        return typeof value === 'number' ? value * this.one([-1, 2, 0, 1e9, 0.1]) : String(value);
      case 2:
        return typeof value === 'string' ? this.#edit(value, [other]) : [value];
      case 3:
        return this.#next() < 0.1 ? nested(this.upTo(5000)) : value;
      default:
        return this.one(hostile);
    }
  }

  /** With what JSON.stringify would not write. */
  #written(value: unknown): string {
    const text = written(value);
    return this.#next() < 0.1
      ? text.replace(/:(-?\d[\d.e+]*)/, `:${this.one(['1e999', '-1e999', '1'.repeat(400), '00'])}`)
      : text;
  }
}

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let d = 0; d < depth; d++) value = d % 2 === 0 ? [value] : { a: value };
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function written(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '['.repeat(5000);
  }
}
