/** The runner of the documents' commands lets nothing through that it does not carry out. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { canBeRoot } from './as-root.ts';
import { AS_ROOT, carryOut, MINUTES } from './carry-out.ts';
import { Checkout } from './checkout.ts';
import { documentsOf, elsewhere, fencesFor, fencesIn, fencesOf, type Fence } from './fences.ts';

const project = join(import.meta.dirname, '..', '..');
const checkout = new Checkout();
afterAll(() => {
  checkout.remove();
});

const fence = (mark: string, ...commands: string[]): Fence => ({ document: 'd', line: 1, commands, mark });
const run = (...of: Parameters<typeof fence>): Promise<void> => carryOut(project, checkout, fence(...of));

it('takes commands, comments off, lines joined, and the mark', () => {
  const text = 'a\n\n<!-- commands: logs -->\n\n```sh\n# says why\nx --a \\\n  --b   # c\n\ny\n```\n```\nno\n```\n';
  expect(fencesIn('d', text)).toEqual([{ document: 'd', line: 5, commands: ['x --a --b', 'y'], mark: 'logs' }]);
});

it('reads every document that is tracked', () => {
  const documents = documentsOf(project);
  expect(documents).toEqual(
    expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/osquery.md', 'data/README.md']),
  );
  expect(documents.flatMap((document) => fencesOf(project, document)).length).toBeGreaterThan(20);
});

describe('without a mark', () => {
  it('fails for a command that fails, and for one of several', async () => {
    await expect(run('', 'npm exec ubad -- no-such-command')).rejects.toThrow('no-such-command');
    await expect(run('', 'true', 'exit 3')).rejects.toThrow('exit 3');
    await expect(run('', 'true')).resolves.toBeUndefined();
  });

  it.each(['sudo', 'systemctl', 'apt', 'apt-get', 'dpkg', 'journalctl', 'pkexec'])(
    'fails for what only root may do, and does not do it: %s',
    async (tool) => {
      const made = join(checkout.root, `made-by-${tool}`);
      await expect(run('', `${tool} touch ${made}`)).rejects.toThrow(/needs root/);
      expect(existsSync(made)).toBe(false);
    },
  );

  it('fails for a fence that holds no command', async () => {
    await expect(run('')).rejects.toThrow('without a command');
  });
});

describe('marks', () => {
  it.each(['perhaps', 'status 0 or', 'status 0 or 1 or 2', 'not here', 'as root'])('«%s» is none', async (mark) => {
    await expect(run(mark, 'true')).rejects.toThrow('no such mark');
  });

  it('“status 0 or 1” allows one and no other', async () => {
    await expect(run('status 0 or 1', 'exit 1')).resolves.toBeUndefined();
    await expect(run('status 0 or 1', 'exit 2')).rejects.toThrow('exit 2');
  });

  it('“takes minutes” is carried out as without it', async () => {
    await expect(run(MINUTES, 'true')).resolves.toBeUndefined();
    await expect(run(MINUTES, 'exit 3')).rejects.toThrow('exit 3');
  });

  it('“live” puts a log and models of its users there', async () => {
    await run('live', 'npm exec ubad -- status | grep -q "^alice .*both"', 'test -s "$HOME/osqueryd.results.log"');
  });

  it('“logs” puts logs and labels there', async () => {
    await run('logs', 'test -s a.train.log -a -s b.test.log -a -s a.csv');
  });

  it.skipIf(!canBeRoot)('“as root” does it for real, where nobody else sees it', async () => {
    await run(AS_ROOT, 'sudo sh -c "echo x > /etc/osquery/made-here"', 'test -s /etc/osquery/made-here');
    expect(existsSync('/etc/osquery/made-here')).toBe(false);
    await expect(run(AS_ROOT, 'false')).rejects.toThrow();
  });

  it('“not here” needs a file that runs each of the commands', async () => {
    const folder = join(checkout.root, 'project');
    mkdirSync(folder);
    const there = (text: string): void => {
      writeFileSync(join(folder, 'x.test.ts'), text);
    };
    const asked = (...commands: string[]): Promise<void> =>
      carryOut(folder, checkout, fence('not here; x.test.ts does them', ...commands));
    await expect(asked('a --b')).rejects.toThrow('is not there');
    there('a --b </dev/null\n');
    await expect(asked('a --b')).resolves.toBeUndefined();
    await expect(asked('a --b', 'c')).rejects.toThrow('left out');
    there("for (const fence of fencesFor(root, 'x.test.ts')) all(fence);\n");
    await expect(asked('a --b', 'c')).resolves.toBeUndefined();
    rmSync(folder, { recursive: true });
  });

  it('gives a test what the documents leave to it', () => {
    const left = fencesFor(project, 'test/package/installed.test.ts');
    expect(left.flatMap(({ commands }) => commands)).toContain('sudo ubad setup');
    expect(left.every((one) => elsewhere(one) === 'test/package/installed.test.ts')).toBe(true);
  });
});
