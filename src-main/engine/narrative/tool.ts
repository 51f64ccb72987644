import { baseOf, isOwnPlace, placeOf } from '../../../models/facts/place.ts';
import { classOf, type ProgramClass } from '../../../models/facts/program-class.ts';
import { ofAttack, ofManuals } from './tool-names.ts';

const named = (groups: readonly (readonly [tool: string, names: string])[]): ReadonlyMap<string, string> =>
  new Map(groups.toReversed().flatMap(([tool, names]) => names.split(' ').map((name) => [name, tool] as const)));

const byAttack = named(Object.entries(ofAttack));
/** The first that names a program says what it is for. */
const byName = new Map([...named(ofManuals), ...byAttack]);

/** Of what none of them names: by the classes that Debian's sections and freedesktop's categories make. */
const ofClass: Readonly<Partial<Record<ProgramClass, string>>> = {
  shell: 'shell',
  document: 'document',
  interpreter: 'script',
  network: 'net',
  container: 'container',
  terminal: 'desktop',
  daemon: 'daemon',
};

/**
 * As which tool of ATT&CK's a program is known; none of those lies where anybody may put it, whatever it is called.
 * @param program path or name @returns a word of the catalogue's `tool.…` that stands for a tactic
 */
export const toolOf = (program: string): string | undefined =>
  isOwnPlace(placeOf(program)) ? undefined : byAttack.get(baseOf(program));

/**
 * What a program is for. Of one that lies where anybody may put it only its name says so ("named.…").
 * @param program path or name @returns a word of the catalogue's `tool.…`; undefined where nobody says
 */
export function useOf(program: string): string | undefined {
  const name = baseOf(program);
  // python3.12, gimp-2.10, llvm-readelf-14: the version is no part of what it is for.
  const use = byName.get(name) ?? byName.get(name.replace(/[-.]?\d[\d.]*$/, '')) ?? ofClass[classOf(name)];
  return use !== undefined && isOwnPlace(placeOf(program)) ? `named.${use}` : use;
}

/**
 * What forwards a port that a container publishes. Sources: Docker's documentation of `userland-proxy`; rootless Podman's
 * containers-rootlessport, which the kernel cuts to 15 characters.
 */
export const publishesPort = (program: string): boolean =>
  /^(?:docker-proxy|rootlessport|containers-root(?:lessport(?:-child)?)?)$/.test(baseOf(program));
