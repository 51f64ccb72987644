import type { Band } from '../../src-main/contract/alerts.ts';

/** A shape a band, in a square of 20 and to be filled by even and odd: nobody needs to see the colour. */
export const bandShapes: Readonly<Record<Band, string>> = {
  critical: 'M6.5 1h7L19 6.5v7L13.5 19h-7L1 13.5v-7zM8.6 4.5v7h2.8v-7zM8.6 13v2.6h2.8V13z',
  high: 'M10 1.5 19 18H1z',
  medium: 'M10 1 19 10l-9 9-9-9z',
  low: 'M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z',
};
