import type { SharedThing } from '../../../src-main/contract/fleet.ts';

/** What was new, with its kind: "address 203.0.113.7". @param named gives the text of a name, or what stands for it */
export const sharedText = ({ kind, name }: SharedThing, named: (name: string, otherwise: string) => string): string =>
  `${named(`fleet.shared.kind.${kind}`, named('fleet.shared.kind.other', kind))} ${name}`;
