import { ipcMain, shell, type IpcMainInvokeEvent } from 'electron';
import type { Status } from './messages.ts';

/** Answers the page's questions, and nobody else's. */
export function answerPage(status: () => Status): void {
  ipcMain.handle('ask:status', (event) => {
    demandOwnPage(event);
    return status();
  });
  ipcMain.handle('ask:open', async (event, url: unknown) => {
    demandOwnPage(event);
    if (typeof url !== 'string' || !url.startsWith('https://')) throw new Error('only https is opened');
    await shell.openExternal(url);
  });
}

function demandOwnPage({ senderFrame }: IpcMainInvokeEvent): void {
  if (senderFrame?.url.startsWith('app://bundle/') !== true)
    throw new Error('refused: not the page of this application');
}
