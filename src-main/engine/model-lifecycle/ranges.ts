import type { Range } from '../store/subject-state.ts';

export const isIn = (ranges: readonly Range[], id: number): boolean =>
  ranges.some(({ after, to }) => id > after && id <= to);
