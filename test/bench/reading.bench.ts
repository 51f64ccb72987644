import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { throughput, type Bench } from '../../scripts/bench/bench.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { SubjectResolver } from '../../src-main/engine/reading/subject-resolver.ts';
import { ParserState, parseBatch } from '../../src-main/engine/reading/parse-batch.ts';

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
      parseBatch({ lines: numbered, refused: [] }, new ParserState(pack, new SubjectResolver())),
    );
    return [{ what: 'lines understood', unit: 'lines/s', samples }];
  },
};

export default bench;
