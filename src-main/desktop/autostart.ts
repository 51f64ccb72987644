import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

import { writeWhole } from '../system/whole-file.ts';

/** Started with this word, no window is opened. */
export const HIDDEN = '--hidden';

/** The file by which a desktop starts the program at login (Desktop Application Autostart Specification). */
export class Autostart {
  readonly #file: string;
  readonly #command: readonly string[];

  /** @param file `$XDG_CONFIG_HOME/autostart/ubad.desktop`; @param command program and arguments, unquoted */
  constructor(file: string, command: readonly string[]) {
    this.#file = file;
    this.#command = command;
  }

  /** Whether it starts at login. `Hidden=true` is how desktops' own settings switch an entry off. */
  get on(): boolean {
    const entry = this.#entry();
    return entry !== undefined && !/^\s*Hidden\s*=\s*true\s*$/im.test(entry);
  }

  set(on: boolean): void {
    if (!on) {
      rmSync(this.#file, { force: true });
      return;
    }
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
    writeWhole(this.#file, entryOf(this.#command), 0o666);
  }

  /**
   * The program may have moved, as AppImages do: an entry that is on names it where it is now.
   * @returns what hindered it, as a sentence: no reason not to start
   */
  refresh(): string | undefined {
    try {
      if (this.on && this.#entry() !== entryOf(this.#command)) this.set(true);
      return undefined;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return `${this.#file} starts the program as it was called before, and cannot be written: ${why}. Allow that, or remove the file.`;
    }
  }

  /** Undefined where there is none, or none that can be read: a desktop cannot then either. */
  #entry(): string | undefined {
    try {
      return readFileSync(this.#file, 'utf8');
    } catch {
      return undefined;
    }
  }
}

/** `TryExec` lets a desktop pass over the entry of a program that was removed since. */
function entryOf(command: readonly string[]): string {
  return `[Desktop Entry]
Type=Application
Name=User Behavior Anomaly Detector
Comment=Tells what is not normal for the users of this computer
Exec=${[...command, HIDDEN].map(quoted).join(' ')}
TryExec=${asString(command[0]!)}
Icon=ubad
Terminal=false
X-GNOME-Autostart-enabled=true
`;
}

/**
 * An argument as `Exec` wants it: quoted, with the characters that a shell would take for its own escaped, then every
 * backslash once more because the value is a string of the file; a percent sign would be a field code.
 */
export function quoted(argument: string): string {
  const escaped = argument
    .replace(/["`$\\]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%');
  const inOneLine = escaped.replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r');
  return /^[\w./=:@+-]+$/.test(argument) ? argument : `"${inOneLine}"`;
}

/** What starts this program again: the AppImage itself, where it runs from one. @param argv of the process */
export function ownCommand(executable: string, argv: readonly string[], environment: NodeJS.ProcessEnv): string[] {
  const { APPIMAGE: image } = environment;
  if (image?.startsWith('/')) return [image];
  // A checkout is started as `electron FOLDER`: the packaged program has no such argument.
  return [executable, ...argv];
}

/** A value of the file that is one string, without quoting. */
const asString = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r');
