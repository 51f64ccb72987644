import type { Band } from '../../src-main/contract/alerts.ts';

/** A shape a band, in a square of 20: nobody needs to see the colour. */
export const bandShapes: Readonly<Record<Band, string>> = {
  critical: 'M6.5 1.5h7l5 5v7l-5 5h-7l-5-5v-7z',
  high: 'M10 1.5 19 18H1z',
  medium: 'M10 1 19 10l-9 9-9-9z',
  low: 'M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z',
};
