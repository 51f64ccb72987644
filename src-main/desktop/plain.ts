import { visible } from '../contract/visible-text.ts';

/** The log's own words are hostile: a notification server may take them for markup, a panel for other directions. */
export function plain(text: string): string {
  return short(visible(text).replace(/[<>&]/g, '·'), 40);
}

/** A sentence that may quote a path or a cause: as long as a tray can show. */
export const sentence = (text: string): string => short(visible(text), 300);

const short = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);
