import { join, normalize, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { net, protocol } from 'electron';

const page = join(import.meta.dirname, 'page');
const policy = [
  ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self'"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join('; ');

/** Serves the page's own files, and nothing else, as app://bundle/…. */
export function serveBundle(): void {
  protocol.handle('app', async ({ url }) => {
    const { host, pathname } = new URL(url);
    const path = normalize(join(page, decodeURIComponent(pathname)));
    if (host !== 'bundle' || !path.startsWith(page + sep)) return new Response('not found', { status: 404 });
    const file = await net.fetch(pathToFileURL(path).href).catch(() => undefined);
    if (file === undefined) return new Response('not found', { status: 404 });
    const type = file.headers.get('content-type') ?? '';
    return new Response(file.body, { headers: { 'content-type': type, 'content-security-policy': policy } });
  });
}
