import { isSecretName } from './names.ts';
import { habitsOf, mayTakeSecret, nameOf, secretOptionsOf, takesWord, type SecretOptions } from './programs.ts';
import { MASK, withoutNamed, withoutRandom, withoutValues } from './values.ts';
import { innerText, type Word } from './words.ts';

/** `NAME=`, and what assigns as well: `NAME+=`, `NAME[0]=`. */
const assignment = /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/;
const environment = new Set(['-e', '--env', '--build-arg']);
const environmentName = /^[A-Z_][A-Z0-9_]*=/;
const scheme = /^(?:bearer|basic|digest|token|negotiate|apikey|ntlm|aws4-hmac-sha256)$/i;
const bearer = /^["'\\]*bearer$/i;
const longOption = /^--?[A-Za-z][\w.-]+$/;
/** Quotes in quotes: deeper ones are masked whole. */
const DEEPEST = 4;

/** What the next word is. */
type Next =
  | 'anything'
  /** A secret, if it is no option. */
  | 'value'
  /** A secret, whatever it looks like. */
  | 'secret'
  /** The value of a header: a scheme or a secret. */
  | 'header'
  /** A name and a secret, as the program's options say. */
  | 'pair'
  /** Perhaps a variable for a container. */
  | 'variable'
  /** A variable's name, with its value after it. */
  | 'name'
  /** Secret, and all that follows. */
  | 'rest'
  /** The word of an option that says nothing. */
  | 'word';

/** Goes through the words of a command, or of several in a line. */
export class Masker {
  readonly #depth: number;
  readonly #inQuotes: (text: string, depth: number, isCommand: boolean) => string;
  /** Whether a command may begin here, or the assignments before one. */
  #opens: boolean;
  #assigns = false;
  /** Whether this word may be a command, and whether what the program is given in quotes is one. */
  #mayOpen = false;
  #runs = false;
  #program = '';
  /** Words since the program was looked for: one of them may be the program of the options that come. */
  #words: string[] = [];
  #options: SecretOptions | undefined;
  #next: Next = 'anything';

  /** @param opens whether a command begins; @param inQuotes masks what is quoted in a word */
  constructor(depth: number, opens: boolean, inQuotes: (text: string, depth: number, isCommand: boolean) => string) {
    this.#depth = depth;
    this.#opens = opens;
    this.#inQuotes = inQuotes;
  }

  word(word: string, found: Word): string {
    const next = this.#next;
    this.#next = 'anything';
    this.#mayOpen = this.#opens;
    const masked = (next === 'anything' ? undefined : this.#expected(next, word, found)) ?? this.#ordinary(word, found);
    const last = word.at(-1);
    if (last === ';' || last === '|' || last === '&') this.#end();
    return masked;
  }

  #end(): void {
    this.#opens = true;
    this.#assigns = this.#runs = false;
    this.#program = '';
    this.#words = [];
    this.#options = undefined;
  }

  /** A word that the one before told of. Undefined where it is none of that. */
  #expected(next: Next, word: string, found: Word): string | undefined {
    switch (next) {
      case 'rest':
        this.#next = 'rest';
        return MASK;
      case 'secret':
        return MASK;
      case 'value':
        // The option was for asking: another one follows.
        return /^(?:--?[A-Za-z]|--[A-Za-z][\w-]*(?:=.*)?)$/s.test(word) ? undefined : MASK;
      case 'header':
        // In quotes all of it is the header's.
        if (this.#depth > 0) this.#next = 'rest';
        else if (scheme.test(word)) this.#next = 'secret';
        return scheme.test(word) ? word : MASK;
      case 'pair':
        return this.#pairMasked(word, found);
      case 'variable':
        return environmentName.test(bareOf(word, found)) ? assigned(word) : undefined;
      case 'name':
        this.#next = 'rest';
        return word;
      case 'word':
        return this.#plain(word, found);
      case 'anything':
        return undefined;
    }
  }

  #ordinary(word: string, found: Word): string {
    const isFirst = this.#opens;
    const bare = isFirst || this.#assigns ? bareOf(word, found) : word;
    if ((isFirst || this.#assigns) && found.hasValue && assignment.test(bare)) {
      // What is quoted from its first character on is another command, or a text.
      if (!found.isQuoted || innerText(word) !== 0) return assigned(word);
    }
    const isOption = word.startsWith('-');
    if (isFirst && !isOption) this.#begin(bare);
    // sudo -u bob NAME=value
    else if (isFirst && takesWord(word)) this.#next = 'word';
    if (isOption || word.startsWith('/')) {
      const shown = this.#option(word, found);
      if (shown !== undefined) return shown;
    }
    if (!isOption) this.#words.push(word);
    if (word.length >= 6 && bearer.test(word)) this.#next = 'secret';
    return this.#plain(word, found);
  }

  #begin(word: string): void {
    const name = nameOf(word);
    const { opens = false, assigns = false, runs = false } = habitsOf(name);
    [this.#opens, this.#assigns, this.#runs] = [opens, assigns, runs];
    this.#program = name;
    this.#options = undefined;
    if (name === 'setenv') this.#next = 'name';
  }

  /** Undefined where the option says nothing by itself. */
  #option(word: string, found: Word): string | undefined {
    if (mayTakeSecret(word)) {
      const { next = [], attached = [], pair } = this.#known() ?? {};
      const option = attached.find((start) => word.startsWith(start) && word.length > start.length);
      if (option !== undefined) return option + MASK;
      const paired = pair?.options.find((start) => word.startsWith(start.startsWith('--') ? `${start}=` : start));
      if (paired !== undefined && paired !== word) return this.#pairMasked(word, found);
      if (next.includes(word)) this.#next = 'value';
      else if (pair?.options.includes(word)) this.#next = 'pair';
    }
    if (word === '-c') this.#opens = true;
    else if (environment.has(word)) this.#next = 'variable';
    else if (this.#program === 'set' && /^-\w*x\w*$/.test(word)) this.#next = 'name';
    else if (word.length > 2 && longOption.test(word) && isSecretName(word)) this.#next = 'value';
    return undefined;
  }

  /** How the last program that was named takes secrets: it need not be the first word, `docker exec db mysql …`. */
  #known(): SecretOptions | undefined {
    const words = this.#words;
    this.#words = [];
    for (let w = words.length - 1; w >= 0; w--) {
      const options = secretOptionsOf(words[w]!);
      if (options) return (this.#options = options);
    }
    return this.#options;
  }

  #pairMasked(word: string, found: Word): string {
    const at = word.indexOf(this.#options?.pair?.between ?? ':');
    return at < 0 ? this.#plain(word, found) : word.slice(0, at + 1) + MASK;
  }

  #plain(word: string, { isQuoted, hasValue, isLong }: Word): string {
    const inner = isQuoted ? innerText(word) : -1;
    if (inner < 0) {
      if (!hasValue && !isLong) return word;
      const { text, isOpen } = withoutValues(word);
      if (isOpen) this.#next = 'header';
      return text;
    }
    const start = word.slice(0, inner);
    const { text, isOpen } = withoutNamed(start);
    if (isOpen) return start + MASK;
    const quote = word[inner]!;
    const end = word.length > inner + 1 && word.endsWith(quote) ? quote : '';
    const body = word.slice(inner + 1, word.length - end.length);
    return (
      text +
      quote +
      (this.#depth < DEEPEST ? this.#inQuotes(body, this.#depth + 1, this.#mayOpen || this.#runs) : MASK) +
      end
    );
  }
}

/** Without the quotes and brackets before it. */
const bareOf = (word: string, { isQuoted }: Word): string =>
  isQuoted || word.startsWith('(') || word.startsWith('{') ? word.replace(/^[\\"'({]+/, '') : word;

function assigned(word: string): string {
  // Not every name is one: base64 ends with `=`.
  return withoutRandom(word.slice(0, word.indexOf('='))) + '=' + MASK;
}
