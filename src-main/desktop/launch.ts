import { HIDDEN } from './autostart.ts';
import type { Command } from './menu.ts';

/** The actions of the program's menu entry; build/linux/ names them in the desktop file. */
const asked: Readonly<Record<string, Command>> = {
  '--pause': { do: 'pause', choice: '1-hour' },
  '--setup-check': { do: 'show', address: '#/setup' },
};

/**
 * For the start that follows a quit.
 * @param argv of the program that quits, and of the start that came meanwhile
 * @returns the program's own arguments with the words of that start
 */
export function argumentsAgain(argv: readonly string[], asking: readonly string[]): string[] {
  const isWord = (argument: string): boolean => argument === HIDDEN || Object.hasOwn(asked, argument);
  return [...argv.slice(1).filter((argument) => !isWord(argument)), ...asking.filter(isWord)];
}

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
