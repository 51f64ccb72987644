import type { Bench, Row } from '../../scripts/bench/bench.ts';
import { fusedEngine } from '../../models/fused.ts';
import { loadMathEngine } from '../../src-main/math/load.ts';
import { loadTensorFlow } from '../../src-main/math/tensorflow.ts';
import { builtFolder } from '../../src-main/math/tensorflow-node.ts';
import { lstmRows, lstmWork } from './engines/lstm.ts';
import { measureRivals, rowsOf } from './engines/rivals.ts';
import { scoringRows, svmWork, trainingRows } from './engines/svm.ts';

/** The engines' heavy work beside the same work by PyTorch, LIBSVM and scikit-learn, one thread each. */
const bench: Bench = {
  name: 'engines',
  async run() {
    const rivals = await measureRivals({ ...lstmWork(), ...svmWork() });
    const rows: Row[] = rowsOf(rivals);
    for (const name of ['fma', 'simd', 'plain'] as const) rows.push(...lstmRows(fusedEngine(name), rivals));
    // TensorFlow.js has one backend at a time: each is measured before the next is loaded.
    rows.push(...lstmRows(await loadTensorFlow(['cpu']), rivals));
    rows.push(...lstmRows(await loadTensorFlow(['wasm']), rivals));
    // Only where somebody built it (npm run tfjs-node). It reads this when it is loaded.
    process.env.TF_NUM_INTRAOP_THREADS = '1';
    if (builtFolder() !== undefined) rows.push(...lstmRows(await loadTensorFlow(['tensorflow']), rivals));
    else console.log('Without tfjs-node: UBAD_TFJS_BINDING names none.');
    for (const name of ['fused', 'libsvm-js'] as const) {
      rows.push(...trainingRows(await loadMathEngine(name), rivals));
    }
    return [...rows, ...(await scoringRows(rivals))];
  },
};

export default bench;
