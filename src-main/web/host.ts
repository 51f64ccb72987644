import packageJson from '../../package.json' with { type: 'json' };
import { desktopCalls, viewCalls, type Events } from '../contract/contract.ts';
import { answer, type Send } from '../contract/ipc.ts';
import { Host } from '../host/host.ts';
import { Memory } from '../host/memory.ts';
import type { Fork } from '../host/worker-link.ts';
import { handlersOn } from './calls.ts';
import type { WebSettings } from './settings.ts';

export interface WebHostOptions {
  readonly settings: WebSettings;
  readonly fork: Fork;
  /** The folder that holds data/ and models/. */
  readonly root: string;
  /** What is remembered from start to start. */
  readonly memory: string;
  readonly send: <K extends keyof Events>(event: K, value: Events[K]) => void;
  /** A sentence for the terminal. */
  readonly tellUser: (text: string) => void;
}

/** What the main process is to the desktop, without a desktop. */
export function newWebHost({ memory: file, ...options }: WebHostOptions): Host {
  const memory = new Memory(file);
  const host: Host = new Host({
    ...options,
    memory,
    program: { as: 'browser', version: packageJson.version },
    answered: (name, input) => {
      if (name !== 'deleteUser') return;
      memory.forgetUser(input as string);
      host.doNotDisturb.look();
    },
  });
  return host;
}

/** The page's questions: those about alerts by the worker, which checks their input. What only this process asks of it is
 *  not there for a page. */
export function answersOf(host: Host): Send {
  const handlers = handlersOn(host);
  return (name, input) =>
    Object.hasOwn(viewCalls, name) ? host.ask(name, input) : answer(desktopCalls, handlers, name, input);
}
