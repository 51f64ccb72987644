/** What is to be done by hand about osquery's configuration: the words of setup and of the doctor. */
import type { Osquery } from './read.ts';

/** Where a server configures osquery. */
export const askServer = ({ toFiles }: Pick<Osquery, 'toFiles'>): string =>
  'Give the queries of user-behavior.json to the server: for Fleet, "fleetctl convert -f user-behavior.json" makes the ' +
  `file that "fleetctl apply -f" takes.${toFiles ? '' : ' Let the agent log to files too: --logger_plugin=tls,filesystem.'}`;

/** Where a server's osquery logs, when that is not where a log is looked for. @param log of osquery @param read the file that ubad reads */
export const elsewhere = (log: string, read: string): string =>
  log === read ? '' : ` Its results are in ${log}: "ubad config set log ${log}".`;

/** @param by the file that says it */
export const logAdvice = {
  off: (by: string, value: string): string =>
    `${by} says "disable_logging" (${value}), so there is no log to read; take it out, and start osquery again.`,
  withoutFiles: (by: string, value: string): string =>
    `${by} says "logger_plugin" is ${value}, without "filesystem", so there is no log to read; write ` +
    `${value},filesystem there, and start osquery again.`,
} as const;
