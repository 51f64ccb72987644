/** Alerts that machines tell of themselves: a partition hands them on, and keeps nothing of them. */
import { createHash } from 'node:crypto';

/** Numbers of theirs have fifteen digits, which no database's own come to. */
const FIRST = 1e14;

/** The number in a partition of an alert that a host gave a number of its own: 48 bits of a sum over both. */
export const mirroredIncident = (host: string, incident: number): number =>
  FIRST + createHash('sha256').update(`${host}\n${incident}`).digest().readUIntBE(0, 6);

/** Whether an alert is one that a machine told of itself. */
export const isMirrored = (incident: number): boolean => incident >= FIRST;
