/** Who works with whom: groups of users, by host or by name, as an administrator writes them. */
import { readFileSync } from 'node:fs';

import { isMachine } from '../../contract/subjects.ts';
import type { FleetConfig } from '../config.ts';
import { FleetProblem } from '../failure.ts';

type PeerSettings = FleetConfig['peers'];

/** A user of a host, as a partition names them. */
export interface UserOfHost {
  /** Without the host. */
  readonly user: string;
  readonly host: string;
}

/** Undefined for a machine and for what names no host: they have no peers. */
export function userOfHost(name: string): UserOfHost | undefined {
  const at = name.lastIndexOf('@');
  if (isMachine(name) || at < 1) return undefined;
  const user = name.slice(0, at);
  // Root is on every host: it is nobody's colleague.
  return user === 'root' ? undefined : { user, host: name.slice(at + 1) };
}

/** In which group a user is: by name where somebody wrote that down, else by the first group that has the host. */
export class Groups {
  readonly #byUser = new Map<string, string>();
  readonly #byHost: { readonly group: string; readonly patterns: readonly RegExp[] }[] = [];
  readonly names: readonly string[];

  /** @param listed what `peers.file` says: user and group */
  constructor({ groups }: Pick<PeerSettings, 'groups'>, listed: readonly (readonly [user: string, group: string])[]) {
    for (const { name, users } of groups)
      for (const user of users) if (!this.#byUser.has(user)) this.#byUser.set(user, name);
    // The file is what somebody else keeps up to date: it counts first.
    for (const [user, group] of listed) this.#byUser.set(user, group);
    for (const { name, hosts } of groups) this.#byHost.push({ group: name, patterns: hosts.map(patternOf) });
    this.names = [...new Set([...groups.map(({ name }) => name), ...listed.map(([, group]) => group)])];
  }

  /** @throws FleetProblem naming the file and the line that is wrong */
  static of(settings: PeerSettings): Groups {
    return new Groups(settings, settings.file === null ? [] : listedIn(settings.file));
  }

  /** Undefined: in none. */
  groupOf({ user, host }: UserOfHost): string | undefined {
    return (
      this.#byUser.get(user) ??
      this.#byHost.find(({ patterns }) => patterns.some((pattern) => pattern.test(host)))?.group
    );
  }
}

/** `*` stands for any text, `?` for one character; capitals and small letters are the same in names of hosts. */
function patternOf(text: string): RegExp {
  const source = text
    .replace(/[\\^$.+()[\]{}|/-]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'is');
}

const MOST_BYTES = 64 * 1024 * 1024;

function listedIn(file: string): (readonly [string, string])[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new FleetProblem(`The groups in ${file} cannot be read (${code}). See to peers.file in fleet.json.`, {
      cause: error,
    });
  }
  if (text.length > MOST_BYTES)
    throw new FleetProblem(`The groups in ${file} are more than 64 MB. See to peers.file in fleet.json.`);
  return text
    .replace(/^\uFEFF/u, '')
    .split(/\r?\n/)
    .flatMap((line, l): (readonly [string, string])[] => {
      if (line.trim() === '' || (l === 0 && /^"?user"?\s*,\s*"?group"?$/i.test(line.trim()))) return [];
      const [, user, group] = /^\s*"?([^",]{1,256}?)"?\s*,\s*"?([^",]{1,64}?)"?\s*$/.exec(line) ?? [];
      if (user === undefined || group === undefined)
        throw new FleetProblem(
          `${file}, line ${l + 1}: that is no user and group. Write one a line, such as anna,sales; no user has more than 256 characters, no group more than 64.`,
        );
      return [[user, group]];
    });
}
