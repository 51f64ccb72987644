/** The log's own words are hostile: a notification server may take them for markup, a panel for other directions. */
export function plain(text: string): string {
  return short(printable(text).replace(/[<>&]/g, '·'), 40);
}

/** A sentence that may quote a path or a cause: as long as a tray can show. */
export const sentence = (text: string): string => short(printable(text), 300);

const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '·');

const short = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);
