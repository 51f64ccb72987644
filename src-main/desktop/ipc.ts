import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';

import { desktopCalls, viewCalls } from '../contract/contract.ts';
import { answer, type Answer, type Handlers, type Send } from '../contract/ipc.ts';
import { ORIGIN } from './security.ts';

/** The channel of all questions, and what events' channels begin with: preload.ts knows them too. */
const ASK = 'ask';
export const EVENT = 'event:';

/**
 * Answers the window, and only the window: questions about the desktop here, those about alerts by the worker, which
 * checks their input. What only the main process asks of the worker is not there for a page.
 */
export function answerWindow(
  handlers: Handlers<typeof desktopCalls>,
  engine: Send,
  ownContents: () => WebContents | undefined,
): void {
  ipcMain.handle(ASK, (event, name: unknown, input: unknown): Promise<Answer> | Answer => {
    if (!isOurs(event, ownContents())) return { ok: false, code: 'refused', message: 'This page may not ask.' };
    if (typeof name !== 'string') return { ok: false, code: 'bad-input', message: 'A call has a name.' };
    return Object.hasOwn(viewCalls, name) ? engine(name, input) : answer(desktopCalls, handlers, name, input);
  });
}

/** The window's own page in its main frame: no frame in it, no page that took its place. */
function isOurs({ senderFrame }: IpcMainInvokeEvent, own: WebContents | undefined): boolean {
  return senderFrame !== null && senderFrame === own?.mainFrame && senderFrame.url.startsWith(`${ORIGIN}/`);
}
