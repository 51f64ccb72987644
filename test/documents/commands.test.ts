import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { Checkout } from './checkout.ts';
import { fencesIn, fencesOf, type Fence } from './fences.ts';
import { asRoot, canBeRoot } from './as-root.ts';

const project = join(import.meta.dirname, '..', '..');
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(join(project, 'docs')).map((name) => `docs/${name}`),
];

describe.each(documents.filter((name) => name.endsWith('.md')))('%s', (document) => {
  const fences = fencesOf(project, document);
  // One after the other in one home, as somebody does who reads from the top.
  const checkout = fences.length > 0 ? new Checkout() : undefined;
  afterAll(() => checkout?.remove());

  it.runIf(fences.length === 0)('prints no commands', () => {
    expect(fences).toEqual([]);
  });

  for (const fence of fences) {
    const title = `line ${fence.line}: ${fence.commands[0] ?? ''}`;
    const elsewhere = /^not here; (\S+) does them$/.exec(fence.mark)?.[1];
    if (elsewhere !== undefined) {
      it(`${title}: carried out by ${elsewhere}`, () => {
        expect(existsSync(join(project, elsewhere))).toBe(true);
      });
    } else if (fence.mark === 'as root, in folders of their own') {
      it.skipIf(!canBeRoot)(title, () => {
        asRoot(project, fence.commands);
      });
    } else {
      it(title, async () => {
        await carryOut(checkout!, fence);
      });
    }
  }
});

/** Marks say what has to be there first, and which other statuses are well. */
async function carryOut(checkout: Checkout, { commands, mark }: Fence): Promise<void> {
  const known = /^(?:(live)|(logs)|(?:status 0 or (\d)))?$/.exec(mark);
  expect(known, `no such mark: ${mark}`).not.toBeNull();
  const [, live, logs, status] = known!;
  if (live !== undefined) checkout.live();
  if (logs !== undefined) checkout.logs();
  expect(commands).not.toEqual([]);
  for (const command of commands) {
    if (Checkout.isService(command)) await checkout.serve(command);
    else checkout.run(command, [0, Number(status ?? 0)]);
  }
}

describe('the reader of documents', () => {
  it('takes commands, comments off, lines joined, and the mark', () => {
    const text = 'a\n\n<!-- commands: logs -->\n\n```sh\n# says why\nx --a \\\n  --b   # c\n\ny\n```\n```\nno\n```\n';
    expect(fencesIn('d', text)).toEqual([{ document: 'd', line: 5, commands: ['x --a --b', 'y'], mark: 'logs' }]);
  });

  it('fails for a command that fails, and for a mark that means nothing', async () => {
    const checkout = new Checkout();
    const fence = { document: 'd', line: 1, commands: ['npm exec ubad -- no-such-command'], mark: '' };
    await expect(carryOut(checkout, fence)).rejects.toThrow('no-such-command');
    await expect(carryOut(checkout, { ...fence, mark: 'perhaps' })).rejects.toThrow('no such mark');
    checkout.remove();
  });
});
