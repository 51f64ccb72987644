/** How a program takes a secret, where the option's name does not tell. */
export interface SecretOptions {
  /** The next word is the secret. */
  readonly next?: readonly string[];
  /** The rest of the word is the secret. */
  readonly attached?: readonly string[];
  /** The next word, or what follows `=`, is a name and a secret with this between. */
  readonly pair?: { readonly options: readonly string[]; readonly between: string };
}

/** Manuals of the programs are the source. An option that also means something else is not here. */
const programs: readonly (readonly [RegExp, SecretOptions])[] = [
  [/^(?:mysql|mariadb)/, { attached: ['-p'] }],
  [/^sshpass$/, { next: ['-p'], attached: ['-p'] }],
  [/^curl$/, { pair: { options: ['-u', '-U', '--user', '--proxy-user'], between: ':' } }],
  [/^(?:https?|xhs?)$/, { pair: { options: ['-a'], between: ':' } }],
  [/^lftp$/, { pair: { options: ['-u'], between: ',' } }],
  [/^(?:smbclient|rpcclient)$/, { pair: { options: ['-U', '--user'], between: '%' } }],
  [/^redis-cli$/, { next: ['-a'] }],
  [/^mongo/, { next: ['-p'] }],
  [/^ldap/, { next: ['-w'] }],
  [/^(?:zip|unzip|sqlcmd|bcp|ipmitool|mosquitto_pub|mosquitto_sub)$/, { next: ['-P'] }],
  [/^(?:7z[ar]?|rar|unrar)$/, { attached: ['-p', '-hp'] }],
  [/^[wx]?freerdp/, { attached: ['/p:'] }],
  [/^openssl$/, { next: ['-k', '-K'] }],
  [/^snmp/, { next: ['-A', '-X'] }],
];

const any = new RegExp(programs.map(([{ source }]) => source).join('|'));
const login: SecretOptions = { next: ['-p'] };

const options = [login, ...programs.map(([, given]) => given)].flatMap(({ next = [], attached = [], pair }) => [
  ...[...next, ...attached, ...(pair?.options ?? [])],
]);
/** How they begin: most options are none of them, and the program need not be looked for. */
const short = new Set(options.filter((option) => !option.startsWith('--')).map((option) => option.slice(0, 2)));
const long = options.filter((option) => option.startsWith('--'));

/** @param text the option's command, where it is at hand: a long option here takes a name and a secret, with a mark between */
export const mayTakeSecret = (option: string, text?: string): boolean =>
  option.startsWith('--')
    ? long.some((one) => option.startsWith(one)) && (text === undefined || /[:,%]/.test(text))
    : short.has(option.slice(0, 2));

/** @param word a program, with or without its folder; or `login`, after which `-p` is no port: docker, az, oc and others */
export function secretOptionsOf(word: string): SecretOptions | undefined {
  if (word === 'login') return login;
  const name = nameOf(word);
  return any.test(name) ? programs.find(([program]) => program.test(name))?.[1] : undefined;
}

/** Of a program, without its folder. */
export const nameOf = (word: string): string => word.slice(word.lastIndexOf('/') + 1);

/** What a command's first word says of the others. */
export interface Habits {
  /** After it and its options another command begins, or the assignments before one. */
  readonly opens?: boolean;
  /** Every word with `=` assigns. */
  readonly assigns?: boolean;
  /** What it is given in quotes is a command. */
  readonly runs?: boolean;
}

const habits = new Map<string, Habits>(
  (
    [
      ['env sudo doas sshpass nohup time nice exec command then do else if while until ! { xargs', { opens: true }],
      ['eval watch', { opens: true, runs: true }],
      ['export declare typeset local readonly set setenv', { assigns: true }],
      ['ssh su runuser parallel', { runs: true }],
    ] as const
  ).flatMap(([names, habit]) => names.split(' ').map((name) => [name, habit] as const)),
);
const none: Habits = {};

/** @param name of a program, without its folder */
export const habitsOf = (name: string): Habits => habits.get(name) ?? none;

/** Options of those that open a command which have a word of their own. */
const withWord = /^-[ugCUDRTrth]$/;
export const takesWord = (option: string): boolean => withWord.test(option);
