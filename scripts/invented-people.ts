import { defaultPack } from '../src-main/engine/reading/pack.ts';
import { ParserState, parseBatch, type Found } from '../src-main/engine/reading/parse-batch.ts';
import { SubjectResolver } from '../src-main/engine/reading/subject-resolver.ts';
import { simulate } from '../src-main/simulate/simulate.ts';
import { MOST_USERS } from '../src-main/simulate/world.ts';

/** When the simulated weeks begin, Unix seconds: a Monday. */
export const BEGINS = Date.UTC(2026, 0, 5) / 1000;

/** What the modern pack tells of all of the simulator's people, none of whom is a stranger, in the order of the log. */
export function* inventedPeople(days: number, seed: number, audit: boolean): Generator<Found> {
  const parserState = new ParserState(defaultPack(), new SubjectResolver(undefined, [], '/nonexistent'));
  const options = { users: MOST_USERS, days, start: BEGINS, seed, audit };
  let number = 0;
  for (const day of simulate({ ...options, pack: 'modern', form: 'event', attacks: [] })) {
    const lines = day.map(({ text }) => ({ number: ++number, text, offset: 0 }));
    yield* parseBatch({ lines, refused: [] }, parserState).found;
  }
}
