import { visibleStart } from '../contract/visible-text.ts';

/** The log's own words are hostile: a notification server may take them for markup, a panel for other directions. */
export const plain = (text: string): string => visibleStart(text.replace(/[<>&]/g, '·'), 40);

/** A sentence that may quote a path or a cause: as long as a tray can show. */
export const sentence = (text: string): string => visibleStart(text, 300);
