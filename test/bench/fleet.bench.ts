import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Bench } from '../../scripts/bench/bench.ts';
import { measureGateway } from './fleet/gateway.ts';
import { lineRows, measureLines } from './fleet/lines.ts';
import { measureMemory, memoryRows } from './fleet/memory.ts';
import { measureModels, modelRows } from './fleet/models.ts';
import { measureMoves, moveRows } from './fleet/moves.ts';
import { startServer } from './fleet/server.ts';
import { sizingRows, sizingTable } from './fleet/sizing.ts';

/** Users whose models are loaded at once; UBAD_USERS makes them fewer, to try it out. A multiple of ten. */
const USERS = Number(process.env.UBAD_USERS ?? 500);

/** A fleet over a real nats-server, with models as large as those that ship: what a line, a user and a move cost, and what many need. */
const bench: Bench = {
  name: 'fleet',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'ubad-fleet-'));
    const server = await startServer(folder);
    try {
      if (!server) {
        console.error('There is no nats-server here: apt-get install nats-server, or set UBAD_NATS_SERVER.');
        return [];
      }
      const memory = measureMemory(folder, USERS);
      const lines = await measureLines(folder, server, USERS);
      const models = await measureModels(folder);
      const moves = await measureMoves(join(folder, 'moves'), server);
      const measured = { lines, memory, models };
      console.log(sizingTable(measured));
      return [
        ...lineRows(lines),
        await measureGateway(server),
        ...moveRows(moves),
        ...memoryRows(memory),
        ...modelRows(models),
        ...sizingRows(measured),
      ];
    } finally {
      await server?.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

export default bench;
