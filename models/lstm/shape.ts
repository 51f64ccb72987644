import { portClasses } from '../features/fields.ts';
import { recencyClasses } from '../features/recency.ts';
import { usualTuning } from '../tuning.ts';

/** Widths of the next-action model. Embeddings together are the LSTM's input. */
export const EMBED = { type: 12, recency: 8, token: 24, hour: 4 } as const;
export const INPUT = EMBED.type + EMBED.recency + EMBED.token + EMBED.hour;
/** Cells of the LSTM where nobody set another number; a multiple of 8. */
export const UNITS = usualTuning.units;
export const HOURS = 24;
export const RECENCIES = recencyClasses.length;
export const PORTS = portClasses.length;

/** Tokens with an input row of their own, by how often they were seen; row 0 is every other one. */
export const MOST_INPUT_TOKENS = 511;
/** Tokens that the token head tells apart; class 0 is every other one. */
export const MOST_TOKEN_CLASSES = 256;
/** Types told apart; class 0 is one that was not there in training. */
export const MOST_TYPE_CLASSES = 63;

/** What of the shape depends on the training data. Counts include place 0. */
export interface Sizes {
  readonly types: number;
  readonly tokens: number;
  readonly tokenClasses: number;
}

/** One block of parameters inside the whole: offset in floats, and its row-major shape. */
export interface Block {
  readonly name: string;
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
}

/** One head of the output: its columns in the logits, and the table of biases, one row a condition. */
export interface Head {
  readonly name: 'type' | 'recency' | 'port' | 'token';
  readonly column: number;
  readonly width: number;
  readonly bias: Block;
}

export interface Layout {
  readonly sizes: Sizes;
  /** Cells of the LSTM. */
  readonly units: number;
  readonly blocks: ReadonlyMap<string, Block>;
  readonly heads: readonly Head[];
  /** Columns of the logits, a multiple of 8: every head begins at a multiple of 8. */
  readonly logits: number;
  /** All parameters, in floats, a multiple of 8. */
  readonly parameters: number;
}

const padded = (n: number): number => (n + 7) & ~7;

/** Where each parameter lies. Blocks begin at multiples of 8 floats. @param units cells of the LSTM, a multiple of 8 */
export function layoutOf(sizes: Sizes, units = UNITS): Layout {
  const blocks = new Map<string, Block>();
  let offset = 0;
  const block = (name: string, rows: number, columns: number): Block => {
    const made = { name, offset, rows, columns };
    blocks.set(name, made);
    offset += padded(rows * columns);
    return made;
  };
  block('embed_type', sizes.types, EMBED.type);
  block('embed_recency', RECENCIES, EMBED.recency);
  block('embed_token', sizes.tokens, EMBED.token);
  block('embed_hour', HOURS, EMBED.hour);
  block('kernel', INPUT, 4 * units);
  block('recurrent_kernel', units, 4 * units);
  block('bias', 1, 4 * units);
  const heads: Head[] = [];
  let column = 0;
  const head = (name: Head['name'], width: number, conditions: number): void => {
    heads.push({ name, column, width, bias: block(`bias_${name}`, conditions, width) });
    column += padded(width);
  };
  head('type', sizes.types, 1);
  head('recency', RECENCIES, sizes.types);
  head('port', PORTS, sizes.types);
  head('token', sizes.tokenClasses, sizes.types * RECENCIES);
  block('heads', units, column);
  return { sizes, units, blocks, heads, logits: column, parameters: offset };
}
