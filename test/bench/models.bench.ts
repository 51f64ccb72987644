import { throughput, type Bench, type Row } from '../../scripts/bench/bench.ts';
import { algorithms } from '../../models/algorithm.ts';
import { fusedEngine } from '../../models/fused.ts';
import { UserModel } from '../../models/profile/user-model.ts';
import { ordinary } from '../models/ordinary.ts';

const PAST = 5000;
const LATER = 2000;

/** Training and calibrating a user, and judging that user's next actions one at a time, learning included. */
const bench: Bench = {
  name: 'models',
  async run() {
    const all = ordinary(PAST + LATER);
    const rows: Row[] = [];
    for (const algorithm of algorithms) {
      const options = { seed: 1, windowLength: 50, math: fusedEngine() };
      let model: UserModel | undefined;
      const trained = await throughput(
        PAST,
        () => {
          const training = UserModel.train(all.slice(0, PAST), new Map(), algorithm, options);
          for (let step = training.next(); ; step = training.next()) {
            if (!step.done) continue;
            model = step.value;
            return;
          }
        },
        5,
      );
      rows.push({ what: `trained and calibrated (${algorithm})`, unit: 'actions/s', samples: trained });
      const saved = model!.save();
      const judged = await throughput(
        LATER,
        () => {
          const woken = UserModel.load(saved, new Map(), algorithm, options);
          for (const action of all.slice(PAST)) woken.observe(action, true);
        },
        5,
      );
      rows.push({ what: `judged and learned on (${algorithm})`, unit: 'actions/s', samples: judged });
    }
    return rows;
  },
};

export default bench;
