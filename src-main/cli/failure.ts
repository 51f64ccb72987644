export const exitCodes = { ok: 0, failed: 1, usage: 2, noModel: 3, unreadable: 4, state: 5 } as const;

/** As help and the manual list them. */
export const exitStatus: readonly (readonly [code: number, meaning: string])[] = [
  [exitCodes.ok, 'well'],
  [exitCodes.failed, 'failed'],
  [exitCodes.usage, 'wrong use'],
  [exitCodes.noModel, 'no trained model or too little to train on'],
  [exitCodes.unreadable, 'a file cannot be read'],
  [exitCodes.state, 'the state folder cannot be used'],
];

/** What a user can cure: told as a sentence, without a stack trace. */
export class Failure extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}
