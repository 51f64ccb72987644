import { fstatSync } from 'node:fs';

/** How bad what is said is, as syslog and the journal number it. */
const levels = { critical: 2, error: 3, warning: 4, notice: 5, information: 6 } as const;
export type Level = keyof typeof levels;

const STDERR = 2;

/**
 * Whether a stream leads to the journal: `$JOURNAL_STREAM` holds device and inode of what systemd connected it to, and a
 * stream that was redirected since has others.
 * @param stream a file descriptor
 */
export function leadsToJournal(stream: number, journalStream = process.env.JOURNAL_STREAM): boolean {
  if (journalStream === undefined) return false;
  try {
    const { dev, ino } = fstatSync(stream);
    return journalStream === `${dev}:${ino}`;
  } catch {
    return false; // closed
  }
}

/** The prefix by which the journal knows how bad a line on a stream is; empty elsewhere. */
export function journalPrefix(level: Level, stream = STDERR): string {
  return leadsToJournal(stream) ? `<${levels[level]}>` : '';
}
