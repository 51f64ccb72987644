/** By what users are compared: facts that a person can make something of. */

/** Of the facts of one thing the one that says most; lengths of commands and terminals are nobody's habit. */
export const comparedKinds = [
  ...(['program', 'pair', 'connection', 'port', 'command', 'from', 'file', 'root', 'deleted'] as const),
  ...(['module', 'job', 'sudo', 'account', 'administrator', 'key', 'autostart', 'usb', 'medium', 'service'] as const),
] as const;
export type ComparedKind = (typeof comparedKinds)[number];

/** Something that was new in an alert. */
export interface ComparedFact {
  /** By which it is known: family and key. */
  readonly name: string;
  /** The first word of its family: told by `fleet.fact.KIND`. */
  readonly kind: ComparedKind;
  readonly key: string;
  /** The program that it tells of. */
  readonly program: string | null;
}
