import { bands, type Band } from '../contract/alerts.ts';
import { plain } from './plain.ts';
import type { DesktopWords } from './words/en.ts';
import { wordsIn } from './words/words.ts';

/** What a digest is told of one of its alerts. */
export interface Digested {
  readonly user: string;
  readonly band: Band;
}

/** This many users are named. */
const NAMED = 3;

/** @param alerts one at least */
export const worstOf = (alerts: readonly Digested[]): Band =>
  bands.findLast((band) => alerts.some((alert) => alert.band === band))!;

/** Whose they are and how bad the worst is, as a sentence: "2 are about alice, 1 about bob; the worst is high." */
export function digestText(alerts: readonly Digested[], words: DesktopWords = wordsIn.en): string {
  const counts = new Map<string, number>();
  for (const { user } of alerts) counts.set(user, (counts.get(user) ?? 0) + 1);
  const users = [...counts].sort(([, one], [, other]) => other - one);
  const worst = words.band[worstOf(alerts)];
  const [first] = users;
  if (alerts.length === 1) return words.aboutOne(plain(first![0]), worst);
  if (users.length === 1) return words.allAbout(plain(first![0]), worst);
  const others = users.slice(NAMED).reduce((sum, [, count]) => sum + count, 0);
  const named = users.slice(0, NAMED).map(([user, count]) => [plain(user), count] as const);
  return words.about(named, others, worst);
}
