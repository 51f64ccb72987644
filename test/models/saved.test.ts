import { expect, it } from 'vitest';

import type { SavedDetector } from '../../models/detector.ts';
import type { SavedCounts } from '../../models/frequency/counts.ts';
import { fusedEngine } from '../../models/fused.ts';
import { pack, unpack } from '../../models/packed.ts';
import { UserModel } from '../../models/profile/user-model.ts';
import { list, object, whole } from '../../models/saved.ts';
import { ordinary } from './ordinary.ts';

const options = { seed: 1, windowLength: 20, math: fusedEngine() };
function trained(): SavedDetector {
  const training = UserModel.train(ordinary(610), new Map(), 'both', options);
  for (;;) {
    const { done, value } = training.next();
    if (done) return value.save();
  }
}
const saved = trained();

const load = (changed: SavedDetector): UserModel =>
  UserModel.load({ ...saved, ...changed }, new Map(), 'both', options);
const changed = (file: string, change: (value: Record<string, unknown>) => unknown): SavedDetector => ({
  [file]: JSON.stringify(change(JSON.parse(saved[file] as string) as Record<string, unknown>)),
});

it('what was saved is taken', () => {
  expect(load({}).normal.maxima.length).toBeGreaterThan(0);
});

it.each([
  ['profile.json', { calibrations: undefined }],
  ['profile.json', { calibrations: { __proto__: null } }],
  ['profile.json', { recent: [{ time: 1 }] }],
  ['profile.json', { drift: { weight: -1, sums: [], squares: [] } }],
  ['encoder.json', { types: [1] }],
  ['encoder.json', { recency: { last: [-1], position: 0 } }],
  ['frequency.json', { background: 0 }],
  ['frequency.json', { counts: [[1]] }],
  ['frequency.json', { counts: { things: [1, 2], seen: [1] } }],
  ['encoder.json', { tokens: { shapes: ['q'], numbers: [0], values: [1] } }],
  ['frequency.json', { families: [[1, Array.from({ length: 41 }, () => 0), 1]] }],
  ['lstm.json', { types: 1e9 }],
  ['neighbours.json', { fresh: [[]] }],
  ['model.json', { weightsManifest: [{}] }],
  ['ocsvm.json', { fresh: null }],
])('%s with %j is refused with a sentence that names the file', (file, change) => {
  expect(() => load(changed(file, (value) => ({ ...value, ...change })))).toThrow(SyntaxError);
  expect(() => load(changed(file, (value) => ({ ...value, ...change })))).toThrow(file);
});

it('packed lengths that pass for negative ones are refused', () => {
  const bytes = pack([new Float64Array(3)]);
  new DataView(bytes.buffer).setUint32(4, 0xff000008, true);
  expect(() => unpack(bytes, [Float64Array], 'x.bin')).toThrow(SyntaxError);
});

it('an inherited name is none that was saved', () => {
  expect(object({ constructor: whole(0, 1) })({})).toBe(false);
  expect(list(whole(0, 1))({ length: 1e9 })).toBe(false);
});

it('what is packed comes out also where it is not aligned, and a loaded model keeps none of the bytes that it was read from', () => {
  const arrays = [Float64Array.of(1.5, -2), Uint32Array.of(7), Int32Array.of(-1, 2)];
  const moved = new Uint8Array([0, 0, 0, ...pack(arrays)]).subarray(3);
  expect(unpack(moved, [Float64Array, Uint32Array, Int32Array], 'x.bin')).toEqual(arrays);

  const bytes = Object.entries(saved).map(([name, content]) => [
    name,
    typeof content === 'string' ? content : content.slice(),
  ]) as [string, string | Uint8Array][];
  const model = UserModel.load(Object.fromEntries(bytes), new Map(), 'both', options);
  for (const [, content] of bytes) if (typeof content !== 'string') content.fill(255);
  expect(model.save()).toEqual(load({}).save());
});

it('reads the counts of an earlier version, a pair for each thing', () => {
  const { counts, types, ...rest } = JSON.parse(saved['frequency.json'] as string) as Record<string, SavedCounts>;
  const pairs = ({ things, seen }: SavedCounts): [number, number][] => things.map((thing, t) => [thing, seen[t]!]);
  const before = { ...rest, counts: pairs(counts!), types: pairs(types!) };
  expect(load({ 'frequency.json': JSON.stringify(before) }).save()).toEqual(load({}).save());
});
