/** The ways in which a rule is made of an act. Several together hold for less than each alone. */
export const scopeKinds = ['action', 'program', 'address', 'query', 'hour'] as const;
export type ScopeKind = (typeof scopeKinds)[number];

/** How much a rule hides, told beside it. */
export type Width = 'narrow' | 'medium' | 'wide' | 'very-wide';

/** The kinds that are offered together, narrowest first, and how wide what they make is. */
export const offered: readonly { readonly kinds: readonly ScopeKind[]; readonly width: Width }[] = [
  { kinds: ['action'], width: 'narrow' },
  { kinds: ['program', 'hour'], width: 'medium' },
  { kinds: ['address'], width: 'medium' },
  { kinds: ['program'], width: 'wide' },
  { kinds: ['query', 'hour'], width: 'wide' },
  { kinds: ['query'], width: 'very-wide' },
  { kinds: ['hour'], width: 'very-wide' },
];
