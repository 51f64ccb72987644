import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { throughput, type Bench } from '../../scripts/bench/bench.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { Who } from '../../src-main/engine/reading/who.ts';
import { Readers, understand } from '../../src-main/engine/reading/understand.ts';

/** Lines of the shipped example to actions: JSON, form, query, subject, lost results. */
const bench: Bench = {
  name: 'reading',
  async run() {
    const file = process.env.UBAD_BENCH_LOG ?? new URL('../../data/example/past.log.gz', import.meta.url);
    const bytes = readFileSync(file);
    const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8');
    const lines = text.split('\n').filter((line) => line !== '');
    const numbered = lines.map((line, i) => ({ number: i + 1, text: line }));
    const pack = defaultPack();
    const samples = await throughput(lines.length, () =>
      understand({ lines: numbered, refused: [] }, new Readers(pack, new Who())),
    );
    return [{ what: 'lines understood', unit: 'lines/s', samples }];
  },
};

export default bench;
