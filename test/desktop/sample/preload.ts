import { contextBridge, ipcRenderer } from 'electron';

const questions = ['status', 'open'];

contextBridge.exposeInMainWorld('sample', {
  ask(question: string, ...args: unknown[]): Promise<unknown> {
    if (!questions.includes(question)) throw new Error(`there is no question ${question}`);
    return ipcRenderer.invoke(`ask:${question}`, ...args);
  },
  onStatus(heard: (status: unknown) => void): void {
    ipcRenderer.on('status', (_event, status: unknown) => {
      heard(status);
    });
  },
  onGoTo(heard: (hash: unknown) => void): void {
    ipcRenderer.on('go-to', (_event, hash: unknown) => {
      heard(hash);
    });
  },
});
