import type { Row } from '../../../scripts/bench/bench.ts';
import { BATCH, SEQUENCE } from '../../../models/lstm/batch.ts';
import { Lookup } from '../../../models/lstm/lookup.ts';
import { embeddings, Network } from '../../../models/lstm/network.ts';
import { layoutOf, UNITS } from '../../../models/lstm/shape.ts';
import type { MathEngine } from '../../../models/math-engine.ts';
import { busy } from './busy.ts';
import { over, throughput, type Rivals } from './rivals.ts';

/** Adam steps and actions of one run. */
const STEPS = 20;
const EVENTS = 2000;

const past = busy(20_000);
const lookup = Lookup.of(past);

/** The shapes that PyTorch is to build the same network of: rows and width, or classes and conditions, of each part. */
export function lstmWork(): object {
  const { blocks, heads } = layoutOf(lookup.sizes);
  return {
    sequence: SEQUENCE,
    batch: BATCH,
    units: UNITS,
    steps: STEPS,
    events: EVENTS,
    embed: embeddings.map(({ name, width }) => [blocks.get(name)!.rows, width]),
    heads: heads.map(({ width, bias }) => [width, bias.rows]),
  };
}

/** Training and streaming by one engine. */
export function lstmRows(math: MathEngine, { pytorch }: Rivals): Row[] {
  const network = new Network(math.kernels(), lookup.sizes);
  network.initialise(1);
  const trainer = math.trainer(network, lookup, 1);
  const starts = Array.from({ length: BATCH }, (_, b) => 1000 * b);
  const schedule = { steps: 1000, peak: 1e-3, dropout: 0.3 };
  const train = (): void => {
    for (let step = 0; step < STEPS; step++) trainer.step(past, starts, schedule);
  };
  const trained = throughput(STEPS * BATCH * SEQUENCE, train);
  trainer.end?.();
  const read = (): void => {
    const stream = math.stream(network, lookup);
    for (let i = 0; i < EVENTS; i++) stream.see(past[i]!);
  };
  const streamed = throughput(EVENTS, read);
  return [
    ...over('PyTorch', pytorch?.training, {
      what: `LSTM trained, ${math.backend}`,
      unit: 'tokens/s',
      samples: trained,
    }),
    ...over('PyTorch', pytorch?.streaming, {
      what: `LSTM streamed, ${math.backend}`,
      unit: 'actions/s',
      samples: streamed,
    }),
  ];
}
