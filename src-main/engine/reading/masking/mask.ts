import { Masker } from './masker.ts';
import { mayNameSecret } from './names.ts';
import { mayTakeSecret } from './programs.ts';
import { arePlain, wordsOf } from './words.ts';

/** Words that make the next one a secret by themselves. */
const telling = /bearer|setenv|\bset\s+-/i;

/**
 * A command without its secrets: what is assigned, what follows an option or a header whose name tells, passwords in
 * URLs, and what looks drawn by chance. Each is replaced by `***`, the rest stays as it was. Takes time that grows with
 * the text's length.
 */
export const withoutSecrets = (command: string): string =>
  arePlain(command, isNotable) && !telling.test(command) ? command : maskedText(command, 0, true);

/**
 * @param depth in quotes of quotes
 * @param isCommand whether it begins with one, and not with other words in quotes
 */
function maskedText(text: string, depth: number, isCommand: boolean): string {
  const masker = new Masker(depth, isCommand, maskedText);
  let shown = '';
  let done = 0;
  for (const found of wordsOf(text)) {
    const word = text.slice(found.start, found.end);
    const masked = masker.word(word, found);
    if (masked === word) continue;
    shown += text.slice(done, found.start) + masked;
    done = found.end;
  }
  return shown + text.slice(done);
}

/** Whether a rule may change a word without quotes, or the one after it. */
const isNotable = (word: string, text: string): boolean => mayTakeSecret(word, text) || mayNameSecret(word);
