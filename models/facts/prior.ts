/** New facts a week of a family of which nothing is known. */
export const UNKNOWN = 0.01;
export const prior: Readonly<Record<string, number>> = {};
