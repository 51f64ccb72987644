import { HIDDEN } from './autostart.ts';
import type { Command } from './menu.ts';

/** The actions of the program's menu entry; build/linux/ names them in the desktop file. */
const asked: Readonly<Record<string, Command>> = {
  '--pause': { do: 'pause', choice: '1-hour' },
  '--setup-check': { do: 'show', address: '#/setup' },
};

/**
 * What a start asks for, be it the first or one that finds the program running.
 * @param argv of that start, with whatever Chromium has added
 * @returns undefined: to be there, without a window
 */
export function commandOf(argv: readonly string[]): Command | undefined {
  const command = argv.map((argument) => asked[argument]).find((found) => found !== undefined);
  if (command !== undefined) return command;
  // The autostart of a program that somebody has started already is nobody's wish for a window.
  return argv.includes(HIDDEN) ? undefined : { do: 'show', address: '#/alerts' };
}
