import type { EngineEvents } from '../contract/contract.ts';
import { answer, type Answer, type Asks, type Handlers } from '../contract/ipc.ts';

/** One end of anything that carries plain data: Electron's parentPort, a thread's port, a child process. */
export interface Port {
  post(message: FromWorker): void;
  listen(heard: (message: ToWorker) => void): void;
}

export interface ToWorker {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

export type FromWorker =
  | { readonly id: number; readonly answer: Answer }
  | { readonly event: keyof EngineEvents; readonly value: EngineEvents[keyof EngineEvents] };

export type Tell = <K extends keyof EngineEvents>(event: K, value: EngineEvents[K]) => void;

export const teller =
  (port: Port): Tell =>
  (event, value) => {
    port.post({ event, value });
  };

/** Answers what comes over the port, until the process ends. */
export function serve<C extends Asks>(port: Port, calls: C, handlers: Handlers<C>): void {
  port.listen(({ id, name, input }) => {
    void answer(calls, handlers, name, input).then((answer) => {
      port.post({ id, answer });
    });
  });
}
