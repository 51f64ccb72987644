import { number } from './words.svelte.ts';

/** Values of `learned.budget`. What is read as "1" takes the form of one: `n` is rounded as the reader sees it. */
export const budgetOf = (perWeek: number): { readonly n: number; readonly perWeek: string } => ({
  n: Math.round(perWeek * 100) / 100,
  perWeek: number(perWeek, 'two'),
});
