import { extname, join, normalize, sep } from 'node:path';

/** What the page may load, whoever serves it: its own files, and nothing else from anywhere. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

export const typeOf = (file: string): string => types[extname(file)] ?? 'application/octet-stream';

/** The file of an address's path, as it is in the address. @returns undefined for what is not in the folder */
export function fileIn(folder: string, pathname: string): string | undefined {
  try {
    const file = normalize(join(folder, decodeURIComponent(pathname)));
    return file.startsWith(normalize(folder) + sep) && !file.includes('\0') ? file : undefined;
  } catch {
    return undefined; // a broken escape
  }
}
