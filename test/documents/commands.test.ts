/** Every command that a document prints is carried out as it is printed. */
import { join } from 'node:path';

import { afterAll, describe, it } from 'vitest';

import { canBeRoot } from './as-root.ts';
import { AS_ROOT, carryOut, MINUTES } from './carry-out.ts';
import { Checkout } from './checkout.ts';
import { documentsOf, elsewhere, fencesOf } from './fences.ts';

const project = join(import.meta.dirname, '..', '..');
const documents = documentsOf(project).map((document) => {
  // Those that take minutes are in minutes.test.ts.
  return { document, fences: fencesOf(project, document).filter(({ mark }) => mark !== MINUTES) };
});

describe.each(documents.filter(({ fences }) => fences.length > 0))('$document', ({ fences }) => {
  // One after the other in one home, as somebody does who reads from the top.
  const checkout = new Checkout();
  afterAll(() => {
    checkout.remove();
  });

  for (const fence of fences) {
    const by = elsewhere(fence);
    const title = `line ${fence.line}: ${fence.commands[0] ?? ''}${by === undefined ? '' : ` (by ${by})`}`;
    it.skipIf(fence.mark === AS_ROOT && !canBeRoot)(title, async () => {
      await carryOut(project, checkout, fence);
    });
  }
});
