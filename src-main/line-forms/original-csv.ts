/** What `--form` of a log can be: osquery's results, or a data set of the original project of 2017 (docs/original-2017.md). */
export const logForms = ['osquery', 'original-csv'] as const;
export type LogForm = (typeof logForms)[number];

/** How the queries begin that rows of such a data set are said to answer. */
const QUERY = 'original';
/** A row has no time: this one is the first's, 2017-01-01 UTC, and each other comes a minute later. Unix seconds. */
const FIRST_TIME = 1_483_228_800;
const STEP = 60;
/** The original's vectors had 30 places at most. */
const MOST_PLACES = 64;
const row = /^\[\d{1,9}(?:, ?\d{1,9})*\]$/;

/** Makes lines of osquery out of the rows of such data sets, which are met one after the other. */
export class OriginalCsv {
  #time: number;

  /** @param begin Unix seconds of the first row */
  constructor(begin = FIRST_TIME) {
    this.#time = begin;
  }

  /** @returns osquery's line; nothing for the head; what is no row as it is, so that it is refused as any other line */
  lineOf(text: string): string {
    const trimmed = text.trim();
    if (trimmed === 'action') return '';
    if (!row.test(trimmed)) return text;
    const numbers = (JSON.parse(trimmed) as number[]).slice(0, MOST_PLACES);
    const columns = Object.fromEntries(numbers.map((number, n) => [`place_${n + 1}`, String(number)]));
    const unixTime = this.#time;
    this.#time += STEP;
    // A row begins with what became of it, then comes its first column's name: with its length that tells queries apart.
    const name = `${QUERY}_${numbers.length}_${numbers[1] ?? 0}`;
    return JSON.stringify({ name, hostIdentifier: QUERY, unixTime, action: 'added', columns });
  }
}

const ofSuchRow = new RegExp(`^${QUERY}_\\d+_\\d+$`);

/** The numbers of such a row, as its data set had them; undefined for any other action. */
export function originalNumbers({
  query,
  columns,
}: {
  readonly query: string;
  readonly columns: Readonly<Record<string, string>>;
}): number[] | undefined {
  return ofSuchRow.test(query) ? Object.values(columns).map(Number) : undefined;
}
