/** Fewer characters are a name, a version, a date. */
export const SHORTEST = 16;
export const SHORTEST_MIXED = 20;
/** MD5 and whatever is longer; ids of commits and images are so too, and say nothing about what is normal. */
const SHORTEST_HEX = 32;
/** Of all neighbours, how many are of different kinds: about 0.6 by chance, 0.2 in paths and in names of words. */
const LEAST_CHANGES = 0.3;
/** How the keys of well-known services begin. */
const prefix = /^(?:AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox[a-z]-|sk-|AIza|eyJ|npm_|hf_|pypi-)/;

/** Whether letters, digits and `+/_-` look like drawn by chance: a key, a token, a digest. One pass. */
export function looksRandom(run: string): boolean {
  if (run.length < SHORTEST) return false;
  let [upper, lower, digits, others, hex, changes, capitals] = [0, 0, 0, 0, 0, 0, 0];
  let before = '';
  for (const char of run) {
    const kind = kindOf(char);
    if (kind === '') {
      others++;
      continue;
    }
    if (kind === 'A') upper++;
    else if (kind === 'a') lower++;
    else digits++;
    if (kind === '0' || (char.toLowerCase() >= 'a' && char.toLowerCase() <= 'f')) hex++;
    if (before !== '' && before !== kind) changes++;
    if (before === 'A' && kind === 'A') capitals++;
    before = kind;
  }
  const count = upper + lower + digits;
  if (hex === count && count >= SHORTEST_HEX && digits > 0) return true;
  if (count < SHORTEST) return false;
  if (digits > 0 && prefix.test(run)) return true;
  if (lower === 0) return upper > 0 && digits > 0 && others === 0;
  if (count < SHORTEST_MIXED || changes < LEAST_CHANGES * count) return false;
  if (upper === 0) return digits >= 3;
  // Names of words in one have capitals too, but not next to each other.
  return digits > 0 || capitals >= 2;
}

function kindOf(char: string): 'A' | 'a' | '0' | '' {
  if (char >= 'a' && char <= 'z') return 'a';
  if (char >= 'A' && char <= 'Z') return 'A';
  return char >= '0' && char <= '9' ? '0' : '';
}
