import { withoutSecrets } from './mask.ts';
import { MASK, withoutValues } from './values.ts';

/** What audit writes in hexadecimal when it holds a space: commands, and what was typed at a terminal. */
const hex = /\b(cmd|proctitle|a\d+|data|comm|exe|cwd)=((?:[0-9A-Fa-f]{2}){4,})(?![0-9A-Za-z])/g;
/** What was typed, passwords at prompts among it. */
const typed = 'data';
/** From here on a text is a command: sudo's messages. */
const commandAt = /\b(?:COMMAND|cmdline|command)=/;
/** Audit's own quotes around a command. */
const quotedCommand = /\b(cmd|proctitle|argv)="([^"]*)"/g;
const literal = /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'/g;
const assigned = /(?:^|[\s,[{"'])([A-Za-z_]\w*)=/g;

/** A text for people without its secrets: what follows a secret's name, URLs' passwords, what looks drawn by chance, and commands. */
export function textWithoutSecrets(text: string): string {
  const plain = text.includes('="') || text.includes('=') ? withoutCommands(text) : text;
  const at = commandAt.exec(plain);
  if (!at) return wordsWithoutSecrets(plain);
  const from = at.index + at[0].length;
  return wordsWithoutSecrets(plain.slice(0, at.index)) + at[0] + withoutSecrets(plain.slice(from));
}

function withoutCommands(text: string): string {
  return text
    .replace(hex, (_, name: string, digits: string) => {
      const said = name === typed ? undefined : textOfHex(digits);
      return `${name}="${said === undefined ? MASK : said.replaceAll('"', "'")}"`;
    })
    .replace(quotedCommand, (_, name: string, command: string) => `${name}="${withoutSecrets(command)}"`);
}

/** Undefined where the bytes are no text. The arguments in a title of a process are parted by zeros. */
function textOfHex(digits: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(digits, 'hex')).replaceAll('\0', ' ');
  } catch {
    return undefined;
  }
}

function wordsWithoutSecrets(text: string): string {
  let isOpen = false;
  return text.replace(/\S+/g, (word) => {
    if (isOpen && /^[=:]$/.test(word)) return word;
    // Where somebody was.
    if (/^(?:OLD)?PWD=\//.test(word)) return word;
    const isSecret = isOpen;
    const shown = withoutValues(word);
    ({ isOpen } = shown);
    return isSecret ? MASK : shown.text;
  });
}

/** Of all variables of a process only their names. */
export function withoutValuesOf(environment: string): string {
  if (environment === '') return '';
  const names = [...environment.matchAll(assigned)].map(([, name]) => `${name}=${MASK}`);
  return names.length === 0 ? MASK : names.join(' ');
}

/** A script without the texts that it quotes. */
export const withoutLiterals = (script: string): string =>
  script.replace(literal, (quoted) => quoted[0]! + MASK + quoted[0]!);
