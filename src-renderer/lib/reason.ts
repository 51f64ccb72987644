/** The strangest action of an alert, as the engine's sentence names it: between the first « and the last ». */
const STRANGEST = /«(.*)»/su;

/**
 * The short reason of a row: what was strangest. The engine's sentence says it in English among other words; whatever it
 * cannot be found in is shown whole, without the user's name, which has its own place.
 */
export function reasonOf(sentence: string, user: string): string {
  const strangest = STRANGEST.exec(sentence)?.[1];
  if (strangest) return strangest;
  return sentence.startsWith(`${user}: `) ? sentence.slice(user.length + 2) : sentence;
}
