/** What is to be done by hand about osquery's configuration: the words of setup and of the doctor. */

export const askServer =
  'Give the queries of user-behavior.json to the server: for Fleet, "fleetctl convert -f user-behavior.json" makes the ' +
  'file that "fleetctl apply -f" takes. Let the agent log to files too: --logger_plugin=tls,filesystem.';

/** @param by the file that says it */
export const logAdvice = {
  off: (by: string, value: string): string =>
    `${by} says "disable_logging" (${value}), so there is no log to read; take it out, and start osquery again.`,
  withoutFiles: (by: string, value: string): string =>
    `${by} says "logger_plugin" is ${value}, without "filesystem", so there is no log to read; write ` +
    `${value},filesystem there, and start osquery again.`,
} as const;
