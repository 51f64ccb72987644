import { once } from 'node:events';
import { createServer } from 'node:http';

import { FleetProblem } from '../failure.ts';

const HOST = '127.0.0.1';

/**
 * Answers `/metrics` on this machine alone. A page that a browser was led here by is not answered: its Host is another.
 * @param port null: nothing is served
 * @returns what ends it
 * @throws FleetProblem when the port cannot be had
 */
export async function serveMetrics(port: number | null, text: () => string): Promise<() => void> {
  if (port === null) return () => undefined;
  const hosts = [`${HOST}:${port}`, `localhost:${port}`];
  const server = createServer(
    { requestTimeout: 5000, headersTimeout: 5000, maxHeaderSize: 8192 },
    (request, response) => {
      const { method, url, headers } = request;
      const isAsked = hosts.includes(headers.host ?? '') && url === '/metrics' && method === 'GET';
      response.writeHead(isAsked ? 200 : 404, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
      response.end(isAsked ? text() : 'There is nothing here.\n');
    },
  );
  server.maxConnections = 32;
  try {
    server.listen(port, HOST);
    await once(server, 'listening');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new FleetProblem(
      `Metrics cannot be served at ${HOST}:${port} (${code}). Set another port under metrics in fleet.json.`,
      {
        cause: error,
      },
    );
  }
  return () => {
    server.close();
    server.closeAllConnections();
  };
}
