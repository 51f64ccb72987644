/** Exit codes, as `ubad --help` lists them. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, noModel: 3, unreadable: 4, state: 5 } as const;

/** What a user can cure: told as a sentence, without a stack trace. */
export class Failure extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}
