import { readFile } from 'node:fs/promises';

import { app, protocol, session, shell, type WebContents } from 'electron';

import { fileIn, POLICY, typeOf } from '../host/page-files.ts';

/** The window's own address: a scheme of its own, because module scripts do not load from files. */
const SCHEME = 'app';
export const ORIGIN = `${SCHEME}://ubad`;

/** To be called before the application is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }]);
}

/** Serves the window's files, and nothing outside of their folder. */
export function serveWindow(folder: string): void {
  protocol.handle(SCHEME, async (request) => {
    const file = request.method === 'GET' ? fileOf(request.url, folder) : undefined;
    const content = file === undefined ? undefined : await readFile(file).catch(() => undefined);
    if (file === undefined || content === undefined) return new Response('not found', { status: 404 });
    return new Response(new Uint8Array(content), {
      headers: {
        'content-type': typeOf(file),
        'content-security-policy': POLICY,
        'x-content-type-options': 'nosniff',
      },
    });
  });
}

/** @returns undefined for what is not in the folder */
export function fileOf(address: string, folder: string): string | undefined {
  const url = URL.parse(address);
  return url && `${url.protocol}//${url.host}` === ORIGIN ? fileIn(folder, url.pathname) : undefined;
}

/** No page, whatever it holds, leaves its address, opens windows, embeds pages or gets a permission. */
export function lockDown(): void {
  app.on('web-contents-created', (_event, contents) => {
    lockDownContents(contents);
  });
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => {
    decide(false);
  });
  defaultSession.setPermissionCheckHandler(() => false);
}

function lockDownContents(contents: WebContents): void {
  const stay = (event: { preventDefault(): void }): void => {
    event.preventDefault();
  };
  // The window goes from address to address by its hash, which is no navigation.
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', stay);
  contents.setWindowOpenHandler(({ url }) => {
    void openOutside(url);
    return { action: 'deny' };
  });
}

/** Opens https addresses, and only those, in the user's own browser. */
export async function openOutside(address: string): Promise<void> {
  if (URL.parse(address)?.protocol === 'https:') await shell.openExternal(address);
}
