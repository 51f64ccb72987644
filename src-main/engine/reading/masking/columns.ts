import type { ColumnKind } from '../../../../models/action.ts';
import { withoutSecrets } from './mask.ts';
import { isSecretName, mayNameSecret } from './names.ts';
import { textWithoutSecrets, withoutLiterals, withoutValuesOf } from './texts.ts';
import { MASK } from './values.ts';

type Row = Readonly<Record<string, unknown>>;
/** What is kept of a column's value. @param row all of it, as osquery wrote it */
export type Mask = (value: string, row: Row) => string;

/** Columns that hold what was typed or started, or the arguments of it. */
const commands = /(?:^|_)(?:verb|cmd|cmdline|command|commandline|command_line|argv|args|arguments)$/;
/** All variables of a process, in one text. */
const environments = /^(?:env|envs|envp|environ|environment|environment_variables|env_variables)$/;
const scripts = /^(?:script|script_text|script_block|script_block_text|source_code)$/;
/** What somebody wrote for people to read, with anything in it. */
const texts = /(?:^|_)(?:message|msg|text|details|description|body|data|raw|log|error|output|eventdata)$/;
/** Sudo's `NOPASSWD:` is no name of a secret, and digests of files are no secrets either. */
const harmless = /^(?:rule_details|md5|sha1|sha256|path|directory|cgroup_path)$/;
/** A query has few columns; a log of nonsense must not fill the memory. */
const MOST_REMEMBERED = 1000;

/** What is kept of the values of a query's columns: by the pack's kinds, by their names, and by what they hold. */
export class ColumnMasks {
  readonly #kinds: Readonly<Record<string, ColumnKind>> | undefined;
  readonly #isOwn: boolean;
  readonly #remembered = new Map<string, Mask | null>();

  /** @param kinds of a query that the pack knows; @param isOwn whether its SQL is the pack's, so that its columns hold what that says */
  constructor(kinds?: Readonly<Record<string, ColumnKind>>, isOwn = false) {
    this.#kinds = kinds;
    this.#isOwn = isOwn;
  }

  /** Null where all of it is kept. */
  of(column: string): Mask | null {
    let mask = this.#remembered.get(column);
    if (mask === undefined) {
      mask = this.#maskOf(column) ?? null;
      if (this.#remembered.size < MOST_REMEMBERED) this.#remembered.set(column, mask);
    }
    return mask;
  }

  #maskOf(column: string): Mask | undefined {
    if (column === 'verb') return verbOf;
    const kind = this.#kinds !== undefined && Object.hasOwn(this.#kinds, column) ? this.#kinds[column] : undefined;
    if (kind === 'command' || commands.test(column)) return withoutSecrets;
    if (environments.test(column)) return withoutValuesOf;
    if (scripts.test(column)) return scriptOf;
    if (harmless.test(column)) return undefined;
    if (texts.test(column)) return textWithoutSecrets;
    if (column === 'value') return valueOf;
    // Its values are what its SQL says.
    if (kind !== undefined && this.#isOwn) return undefined;
    return anyOf;
  }
}

/** A verb is one word, or a word and a script: whatever it assigns is cut, in whatever form. */
function verbOf(value: string): string {
  const command = withoutSecrets(value);
  return /\s/.test(command.trim()) ? command : command.replace(/=[^]*$/, '=***');
}

const scriptOf: Mask = (value) => withoutSecrets(withoutLiterals(value));

/** Of a row that has the value's name beside it: `key` in `process_envs`, `name` elsewhere. */
const valueOf: Mask = (value, { key, name }) =>
  [key, name].some((one) => typeof one === 'string' && isSecretName(one)) && value !== ''
    ? MASK
    : textWithoutSecrets(value);

/** What nobody knows: a secret's name before a value, and a URL's password. */
const anyOf: Mask = (value) => (isTelling.test(value) && mayHoldSecret(value) ? textWithoutSecrets(value) : value);
const isTelling = /[=:@]/;
const mayHoldSecret = (value: string): boolean => mayNameSecret(value) || value.includes('://');
