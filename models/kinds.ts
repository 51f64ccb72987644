import type { DetectorKind } from './detector.ts';
import { frequency } from './frequency/frequency.ts';
import { lstm } from './lstm/lstm.ts';
import { neighbours } from './neighbours/neighbours.ts';
import { novelty } from './novelty/novelty.ts';
import { ocsvm } from './ocsvm/ocsvm.ts';

/** Every detector the product knows. One listed here is in the app, the CLI, the promise tests and the docs. */
export const detectorKinds = [lstm, ocsvm, frequency, novelty, neighbours] as const satisfies readonly DetectorKind[];
