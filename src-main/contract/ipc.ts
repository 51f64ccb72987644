/**
 * Typed questions and answers over anything that carries plain data. Knows nothing of Electron: the asking side brings
 * `send`, the answering side calls `answer`.
 */
import * as v from 'valibot';

/** One question: the schema that turns untrusted data into its input and, as a type only, what comes back. */
export interface Ask<In, Out> {
  readonly input: v.GenericSchema<unknown, In>;
  readonly out?: Out;
}

export const ask = <In>(input: v.GenericSchema<unknown, In>) => ({
  gives: <Out>(): Ask<In, Out> => ({ input }),
  givesNothing: (): Ask<In, void> => ({ input }),
});

export type Asks = Readonly<Record<string, Ask<unknown, unknown>>>;
type In<A> = A extends Ask<infer I, unknown> ? I : never;
type Out<A> = A extends Ask<unknown, infer O> ? O : never;

/** What the answering side writes: one function a question, none missing, none extra. */
export type Handlers<C extends Asks> = { [K in keyof C]: (input: In<C[K]>) => Out<C[K]> | Promise<Out<C[K]>> };

/** What the asking side gets. */
export type Client<C extends Asks> = { [K in keyof C]: (input: In<C[K]>) => Promise<Out<C[K]>> };

/** Why a question has no answer. All but `failed` and `unknown` are things that a person, or time, can cure. */
export type FailureCode =
  | ('bad-input' | 'failed' | 'unknown' | 'refused' | 'not-found' | 'store' | 'worker-down')
  /** Not where this runs: a tray in a browser. */
  | 'not-here';

/** What crosses the border. An error crosses as a value, because Electron's own `invoke` would lose its code. */
export type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: FailureCode; readonly message: string };

export type Send = (name: string, input: unknown) => Promise<Answer>;

/** A question that failed, on either side: a handler throws it to choose the code, the asking side catches it. */
export class AskFailed extends Error {
  override readonly name = 'AskFailed';
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Checks the input and lets the handler answer. Never throws. */
export async function answer<C extends Asks>(
  calls: C,
  handlers: Handlers<C>,
  name: string,
  raw: unknown,
): Promise<Answer> {
  if (!Object.hasOwn(calls, name)) return { ok: false, code: 'unknown', message: `There is no call ${name}.` };
  const read = v.safeParse(calls[name]!.input, raw);
  if (!read.success) return { ok: false, code: 'bad-input', message: `${name}: ${v.summarize(read.issues)}` };
  try {
    return { ok: true, value: await handlers[name as keyof C](read.output as In<C[keyof C]>) };
  } catch (error) {
    const code = error instanceof AskFailed ? error.code : 'failed';
    return { ok: false, code, message: error instanceof Error ? error.message : String(error) };
  }
}

/** The asking side: a function a question, which throws AskFailed when there is no answer. */
export function client<C extends Asks>(calls: C, send: Send): Client<C> {
  const entries = Object.keys(calls).map((name) => [
    name,
    async (input: unknown) => {
      const reply = await send(name, input);
      if (!reply.ok) throw new AskFailed(reply.code, reply.message);
      return reply.value;
    },
  ]);
  return Object.fromEntries(entries) as Client<C>;
}
