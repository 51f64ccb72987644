/**
 * The engine's process: all judging, storing and training, so that the desktop never waits for it. Electron starts it as
 * a utility process; tests start it as a child process.
 */
import { engineCalls } from './contract/contract.ts';
import { reportUncaught } from './terminal/terminal.ts';
import { handlersOn } from './worker/handlers.ts';
import { EngineSession } from './worker/engine-session.ts';
import { serve, teller, type Port, type ToWorker } from './worker/serve.ts';

interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', heard: (message: { readonly data: ToWorker }) => void): void;
}

function portToParent(): Port {
  // Only a utility process has one, whatever Electron's types say.
  const { parentPort } = process as { readonly parentPort?: ParentPort };
  if (parentPort) {
    return {
      post: (message) => {
        parentPort.postMessage(message);
      },
      listen: (heard) => {
        parentPort.on('message', ({ data }) => {
          heard(data);
        });
      },
    };
  }
  return {
    post: (message) => process.send?.(message),
    listen: (heard) => process.on('message', heard),
  };
}

const port = portToParent();
const tell = teller(port);
const session = new EngineSession(tell);
serve(port, engineCalls, handlersOn(session, tell));
reportUncaught();
process.on('uncaughtExceptionMonitor', (error) => {
  session.ownLog?.failed(error);
});
// The one who asked is gone: what is stored is stored, and there is nobody to tell of more.
process.on('disconnect', () => {
  void session.close().finally(() => process.exit());
});
