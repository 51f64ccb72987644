import type { Command } from 'commander';

/** A command as completions and the manual tell of it; the first is the program itself. */
export interface CommandEntry {
  /** Words after `ubad`; empty for the program. */
  readonly path: readonly string[];
  readonly description: string;
  /** `[options] <version> <folder>` */
  readonly usage: string;
  readonly options: readonly OptionEntry[];
  readonly commands: readonly { readonly name: string; readonly description: string }[];
}

export interface OptionEntry {
  /** As help shows it: `-l, --log <file...>`. */
  readonly flags: string;
  /** `--log`, and `-l` where there is one. */
  readonly names: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** The only values that there are; empty: any. */
  readonly choices: readonly string[];
}

/** Every command that help shows, in its order, each before its own commands. */
export function commandsOf(command: Command, path: readonly string[] = []): CommandEntry[] {
  const help = command.createHelp();
  const shown = help.visibleCommands(command).filter((sub) => sub.name() !== 'help');
  const entry: CommandEntry = {
    path,
    description: command.description(),
    usage: command.usage(),
    options: help.visibleOptions(command).map((option) => ({
      flags: option.flags,
      names: [option.long, option.short].filter((name) => name != null),
      description: help.optionDescription(option),
      takesValue: option.required || option.optional,
      choices: option.argChoices ?? [],
    })),
    commands: shown.map((sub) => ({ name: sub.name(), description: sub.description() })),
  };
  return [entry, ...shown.flatMap((sub) => commandsOf(sub, [...path, sub.name()]))];
}
