import type { CommandEntry, OptionEntry } from './commands.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** The script that makes a shell complete `ubad`. @param commands as `commandsOf` gives them */
export function completionFor(shell: Shell, commands: readonly CommandEntry[]): string {
  return { bash, zsh, fish }[shell](commands);
}

const pathOf = ({ path }: CommandEntry): string => path.join(' ');
const wordsOf = ({ commands, options }: CommandEntry): string[] => [
  ...commands.map(({ name }) => name),
  ...options.flatMap(({ names }) => names),
];
const withValue = (command: CommandEntry): readonly OptionEntry[] => command.options.filter((one) => one.takesValue);
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Branches of a `case` over `<path>` that are the commands that there are. */
const knownPaths = (commands: readonly CommandEntry[]): string =>
  commands
    .slice(1)
    .map((command) => quoted(pathOf(command)))
    .join('|');

/** Branches of a `case` over `<path>:<word before>`: what an option's value may be; a file where it may be anything. */
const valueBranches = (commands: readonly CommandEntry[], give: (words: readonly string[]) => string): string =>
  commands
    .flatMap((command) =>
      withValue(command).map(({ names, choices }) => {
        const patterns = names.map((name) => quoted(`${pathOf(command)}:${name}`)).join('|');
        return `    ${patterns}) ${give(choices)}; return ;;`;
      }),
    )
    .join('\n');

function bash(commands: readonly CommandEntry[]): string {
  const values = valueBranches(commands, (choices) =>
    choices.length > 0 ? `COMPREPLY=($(compgen -W ${quoted(choices.join(' '))} -- "$word"))` : 'compopt -o default',
  );
  const own = commands.map(
    (command) => `    ${quoted(pathOf(command))}) words=${quoted(wordsOf(command).join(' '))} ;;`,
  );
  return `# Completes ubad in bash; made by \`ubad completion bash\`.
_ubad() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} path='' next words='' i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="\${path:+$path }\${COMP_WORDS[i]}"
    case "$next" in
      ${knownPaths(commands)}) path=$next ;;
    esac
  done
  case "$path:$previous" in
${values}
  esac
  case "$path" in
${own.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -F _ubad ubad
`;
}

function zsh(commands: readonly CommandEntry[]): string {
  const values = valueBranches(commands, (choices) =>
    choices.length > 0 ? `compadd -- ${choices.map(quoted).join(' ')}` : '_files',
  );
  const own = commands.map(
    (command) => `    ${quoted(pathOf(command))}) compadd -- ${wordsOf(command).map(quoted).join(' ')} ;;`,
  );
  return `#compdef ubad
# Completes ubad in zsh; made by \`ubad completion zsh\`.
_ubad() {
  local route='' next i
  for ((i = 2; i < CURRENT; i++)); do
    next="\${route:+$route }\${words[i]}"
    case "$next" in
      ${knownPaths(commands)}) route=$next ;;
    esac
  done
  case "$route:\${words[CURRENT - 1]}" in
${values}
  esac
  case "$route" in
${own.join('\n')}
  esac
}
if [[ $funcstack[1] == _ubad ]]; then _ubad "$@"; else compdef _ubad ubad; fi
`;
}

function fish(commands: readonly CommandEntry[]): string {
  const lines = commands.flatMap((command) => {
    const here = `complete -c ubad -n "__ubad_at ${quoted(pathOf(command))}"`;
    return [
      ...command.commands.map(({ name, description }) => `${here} -f -a ${name} -d ${quotedInFish(description)}`),
      ...command.options.map(({ names: [long, short], takesValue, choices, description }) => {
        const name = `-l ${long!.slice(2)}${short === undefined ? '' : ` -s ${short.slice(1)}`}`;
        const value = choices.length > 0 ? ` -x -a ${quotedInFish(choices.join(' '))}` : takesValue ? ' -r -F' : '';
        return `${here} ${name}${value} -d ${quotedInFish(description)}`;
      }),
    ];
  });
  return `# Completes ubad in fish; made by \`ubad completion fish\`.
function __ubad_at
    set -l path
    for word in (commandline -opc)[2..]
        contains -- (string join -- ' ' $path $word) ${commands
          .slice(1)
          .map((command) => quotedInFish(pathOf(command)))
          .join(' ')}
        and set -a path $word
    end
    test "$path" = "$argv[1]"
end
complete -c ubad -f
${lines.join('\n')}
`;
}

const quotedInFish = (text: string): string => `'${text.replace(/['\\]/g, String.raw`\$&`)}'`;
