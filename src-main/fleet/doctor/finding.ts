/** What a look at a fleet found of one thing. */
export interface FleetStep {
  /** Words with hyphens: what was looked at. */
  readonly id: string;
  readonly state: 'pass' | 'warn' | 'fail';
  readonly why: string;
  /** What to do, where something is wrong. */
  readonly remedy: string | null;
  /** The command that does it, where one does. */
  readonly command: string | null;
}

export const passed = (id: string, why: string): FleetStep => ({ id, state: 'pass', why, remedy: null, command: null });
export const warned = (id: string, why: string, remedy: string, command: string | null = null): FleetStep => ({
  id,
  state: 'warn',
  why,
  remedy,
  command,
});
export const failed = (id: string, why: string, remedy: string, command: string | null = null): FleetStep => ({
  id,
  state: 'fail',
  why,
  remedy,
  command,
});

/** Some names of many. */
export const someOf = (names: readonly string[], most = 10): string =>
  `${names.slice(0, most).join(', ')}${names.length > most ? ` and ${names.length - most} more` : ''}`;
