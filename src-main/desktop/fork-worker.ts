import { utilityProcess } from 'electron';

import type { FromWorker } from '../worker/serve.ts';
import type { Fork } from '../host/worker-link.ts';

/** Starts the worker as Electron's utility process. @param file the bundle's absolute path */
export const forkWorker =
  (file: string): Fork =>
  (heard, ended) => {
    const worker = utilityProcess.fork(file, [], { serviceName: 'ubad engine', stdio: 'inherit' });
    worker.on('message', (message: FromWorker) => {
      heard(message);
    });
    worker.once('exit', (code) => {
      ended(`exit code ${code}`);
    });
    return {
      post: (message) => {
        worker.postMessage(message);
      },
      kill: () => {
        worker.kill();
      },
    };
  };
