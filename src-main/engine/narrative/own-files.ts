import { baseOf } from '../../../models/facts/place.ts';

/** Programs whose own files these are: they open them whenever they work. */
const owners: readonly (readonly [program: RegExp, file: RegExp])[] = [
  [/^(ssh|ssh-\w+|sshd|scp|sftp|autossh)$/, /\/\.ssh\//],
  [/^(gpg\d?|gpg-agent|gpgsm|keyboxd|scdaemon|dirmngr)$/, /\/\.gnupg\//],
  [/^(firefox\S*|librewolf|thunderbird\S*)$/, /\/(key4\.db|logins\.json)$/],
  [/^(\S*chrom\S*|brave|opera|vivaldi\S*|msedge)$/, /\/Login Data( For Account)?$/],
  [/^(gnome-keyring\S*|kwalletd\d?)$/, /\/(keyrings|kwalletd)\//],
  [/^(sudo|su|login|passwd|unix_chkpwd|polkit\S*)$/, /^\/etc\//],
];

/** Whether a sensitive file is the program's own. @param program path or name */
export const isOwnFile = (program: string, file: string): boolean =>
  owners.some(([who, what]) => who.test(baseOf(program)) && what.test(file));
