import type { CommandEntry, OptionEntry } from './commands.ts';

export interface Manual {
  readonly version: string;
  readonly commands: readonly CommandEntry[];
  readonly exitStatus: readonly (readonly [code: number, meaning: string])[];
}

const files: readonly (readonly [file: string, what: string])[] = [
  ['$XDG_CONFIG_HOME/ubad/config.json', 'the settings (~/.config where the variable is not set)'],
  ['$XDG_STATE_HOME/ubad', 'database and models (~/.local/state where the variable is not set)'],
  [
    '/usr/share/ubad/conf',
    'what osquery can be asked: packs, flags, a configuration, snippets for rsyslog and syslog-ng',
  ],
  ['/var/lib/ubad-setup', 'what "ubad setup" has changed, with copies of what was there before'],
  ['/var/log/osquery/osqueryd.results.log', 'the log that is followed unless the settings say otherwise'],
];

/** The manual page ubad(1), in roff's man macros, of what the command line program says of itself. */
export function manualOf({ version, commands: [program, ...commands], exitStatus }: Manual): string {
  return [
    `.TH UBAD 1 "" "ubad ${version}" "User Commands"`,
    ...['.SH NAME', String.raw`ubad \- user behavior anomaly detector for osquery's results log`],
    ...['.SH SYNOPSIS', '.B ubad', String.raw`.I command`, '[options]'],
    ...['.SH DESCRIPTION', text(program!.description)],
    'With a desktop the same engine runs behind a tray icon, started from the menu of applications.',
    ...['.SH OPTIONS', ...program!.options.flatMap(option)],
    ...['.SH COMMANDS', ...commands.flatMap(command)],
    ...['.SH EXIT STATUS', ...exitStatus.flatMap(([code, meaning]) => entry(String(code), meaning))],
    ...['.SH FILES', ...files.flatMap(([file, what]) => entry(file, what))],
    ...['.SH SEE ALSO', '.BR osqueryd (8),', '.BR systemd.unit (5)', ''],
  ].join('\n');
}

function command({ path, usage, description, options, commands }: CommandEntry): string[] {
  // A group has nothing to say that its commands do not say.
  if (commands.length > 0) return [];
  const isOwn = ({ names }: OptionEntry): boolean => !names.includes('--help');
  return [
    `.SS ubad ${text(path.join(' '))} ${text(usage)}`.trimEnd(),
    text(sentence(description)),
    ...options.filter(isOwn).flatMap(option),
  ];
}

const option = ({ flags, description }: OptionEntry): string[] => entry(flags, sentence(description));

const entry = (head: string, body: string): string[] => ['.TP', `.B ${text(head)}`, text(body)];

const sentence = (description: string): string =>
  `${description.charAt(0).toUpperCase()}${description.slice(1)}${/[.:]$/.test(description) ? '' : '.'}`;

/** Roff takes a backslash for an escape, a hyphen for a typographic one, and a line's first point or apostrophe for a command. */
function text(plain: string): string {
  const escaped = plain.replaceAll('\\', String.raw`\e`).replaceAll('-', String.raw`\-`);
  return /^[.']/.test(escaped) ? String.raw`\&${escaped}` : escaped;
}
