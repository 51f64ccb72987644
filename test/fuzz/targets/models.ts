import { fusedEngine } from '../../../models/fused.ts';
import type { SavedDetector } from '../../../models/detector.ts';
import { UserModel } from '../../../models/profile/user-model.ts';
import { ordinary } from '../../models/ordinary.ts';
import { only, type Target } from '../target.ts';

const options = { seed: 1, windowLength: 20, math: fusedEngine() };
const later = ordinary(8, 2);

function trained(): SavedDetector {
  const training = UserModel.train(ordinary(610), new Map(), 'both', options);
  for (;;) {
    const { done, value } = training.next();
    if (done) return value.save();
  }
}

let known: SavedDetector | undefined;
const saved = (): SavedDetector => (known ??= trained());
const codeOf = (name: string): BufferEncoding => (name.endsWith('.bin') ? 'base64' : 'utf8');

/** The name of a file of a saved model, a newline, and the file: text, or base64 of what is binary. */
export const models = (): Target => ({
  name: 'models',
  reaches: /\/models\/(?!kernels)/,
  seeds: Object.entries(saved()).map(
    ([name, content]) =>
      `${name}\n${typeof content === 'string' ? content : Buffer.from(content).toString(codeOf(name))}`,
  ),
  words: [
    'types',
    'tokens',
    'fields',
    'recency',
    'last',
    'position',
    'SV',
    'gamma',
    'rho',
    'nan',
    '1:1',
    'weightsManifest',
    'shape',
  ],
  check(input) {
    const end = input.indexOf('\n');
    const name = input.slice(0, end);
    if (!Object.hasOwn(saved(), name)) return;
    const text = input.slice(end + 1);
    const isText = typeof saved()[name] === 'string';
    const content = isText ? text : new Uint8Array(Buffer.from(text, codeOf(name)));
    const model = only(SyntaxError, () => UserModel.load({ ...saved(), [name]: content }, new Map(), 'both', options));
    if (!model) return;
    for (const action of later) {
      const judgement = model.observe(action, true);
      if (judgement && !Number.isFinite(judgement.window))
        throw new Error(`${name}: a window of z ${judgement.window}`);
    }
  },
});
