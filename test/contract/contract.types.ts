/** What must not compile: `npm run types` fails when one of these lines does. */
import { ask, type Client, type Handlers } from '../../src-main/contract/ipc.ts';
import * as v from 'valibot';

export const calls = { double: ask(v.number()).gives<number>(), forget: ask(v.string()).givesNothing() };
type Calls = typeof calls;

export const whole: Handlers<Calls> = { double: (input) => 2 * input, forget: () => undefined };

// @ts-expect-error a handler is missing
export const missing: Handlers<Calls> = { double: (input) => input };

// @ts-expect-error there is no such call
export const extra: Handlers<Calls> = { double: (input) => input, forget: () => undefined, remember: () => 1 };

// @ts-expect-error the answer is a number
export const wrongAnswer: Handlers<Calls> = { double: (input) => String(input), forget: () => undefined };

// @ts-expect-error the input is what the schema makes of it
export const wrongInput: Handlers<Calls> = { double: (input: string) => input.length, forget: () => undefined };

export async function asking(client: Client<Calls>): Promise<void> {
  // @ts-expect-error the input is a number
  await client.double('2');
  const answer: number = await client.double(2);
  await client.forget(String(answer));
}
