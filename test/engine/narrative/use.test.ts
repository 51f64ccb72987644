/** What programs are for, and what changed on the machine meanwhile. */
import { describe, expect, it } from 'vitest';

import { alsoOf } from '../../../src-main/contract/story/also.ts';
import type { Story } from '../../../src-main/contract/story/story.ts';
import { machineOf } from '../../../src-main/contract/subjects.ts';
import { toolsEn } from '../../../src-main/contract/story/tools-en.ts';
import { textOf } from '../../../src-main/contract/story/tell.ts';
import { pastOf, tellIncident } from '../../../src-main/engine/narrative/tell-incident.ts';
import { toolOf, useOf } from '../../../src-main/engine/narrative/tool.ts';
import { ofAttack, ofManuals } from '../../../src-main/engine/narrative/tool-names.ts';
import { line, newStore } from '../store/store-at.ts';
import { AT, headline, learning, row, start, typed, type Row } from './tell.ts';

describe('what a program is for', () => {
  it('is told by manuals, sections and categories, whatever the version of it', () => {
    const uses = ['xxd', 'busybox', 'soffice.bin', 'python3.12', 'gimp-2.10', 'cron', 'base64', 'thunar'].map((name) =>
      useOf(`/usr/bin/${name}`),
    );
    expect(uses).toEqual(['bytes', 'many', 'office', 'script', 'media', 'schedule', 'encode', 'files']);
    expect(useOf('/usr/bin/buweabr')).toBeUndefined();
  });

  it('is only what its name says where anybody may put a program, which then is no tool of ATT&CK’s', () => {
    expect([useOf('/tmp/m/xmrig'), toolOf('/tmp/m/xmrig')]).toEqual(['named.mine', undefined]);
    expect([useOf('/usr/bin/nmap'), toolOf('/usr/bin/nmap')]).toEqual(['scan', 'scan']);
    expect(useOf('/tmp/.cache/upd')).toBeUndefined();
    expect(headline([start('/tmp/.cache/upd', 'sh')])).toBe(
      'A program in the hidden folder /tmp/.cache was started by sh (runs commands): upd (ubad does not know it), never before',
    );
  });

  it('has words for each, and a program stands where it is first named', () => {
    const tools = new Set([...Object.keys(ofAttack), ...ofManuals.map(([tool]) => tool)]);
    for (const tool of tools) expect(toolsEn).toHaveProperty([`tool.${tool}`]);
    const names = [...Object.values(ofAttack), ...ofManuals.map(([, all]) => all)].flatMap((all) => all.split(' '));
    expect(names.filter((name) => !/^[\w.+-]+$/.test(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(400);
  });
});

describe('what changed on the machine meanwhile', () => {
  const usb: Row = row('usb', {
    vendor: 'Phison',
    model: 'USB DISK 2.0',
    serial: '7',
    vendor_id: '13fe',
    model_id: '4300',
  });

  it('heads the alert where files were copied about then', () => {
    const acts = [typed('tar'), start('/usr/bin/cp', 'bash')];
    const text =
      'A device was plugged in: Phison USB DISK 2.0, never before; about then files were copied or packed: tar (packs or unpacks files) and cp (copies files)';
    expect(headline([usb, ...acts])).toBe(text);
    // A stick is told by the machine, of nobody on it.
    const { story } = besides(usb, acts);
    expect(textOf(story.headline, 'en')).toBe(text);
    expect(story.rows.map(({ act, ofMachine }) => [act, ofMachine])).toEqual([
      ['command', undefined],
      ['device', true],
      ['program', undefined],
    ]);
  });

  it('heads it where it is in the user’s own name, else is only told besides', () => {
    const job = (owner: string): Row =>
      row('crontab', { path: `/var/spool/cron/crontabs/${owner}`, minute: '*/5', verb: '/tmp/upd' });
    const acts = [start('/tmp/upd', 'cron')];
    expect(textOf(besides(job('alice'), acts).story.headline, 'en')).toMatch(
      /^A cron job was added to alice’s crontab/,
    );
    const { story } = besides(job('bob'), acts);
    expect(textOf(story.headline, 'en')).toMatch(/^A program in \/tmp was started by cron/);
    expect(alsoOf(story).map((phrase) => textOf(phrase, 'en'))).toEqual(['Cron job /tmp/upd added']);
  });

  it('is nothing where it is over, usual there, or of no moment', () => {
    const acts = [typed('tar')];
    for (const change of [{ ...usb, change: 'removed' as const }, row('kernel_modules', { name: 'usb_storage' })])
      expect(besides(change, acts).story.rows.map(({ ofMachine }) => ofMachine)).toEqual([undefined]);
  });
});

/** The story of acts a minute apart, with a change that the machine told of after the first of them. */
function besides(change: Row, acts: readonly Row[]): { readonly story: Story } {
  const store = newStore();
  const { subjectId, ids } = store.transaction(() => {
    const subject = store.subjects.ensure('alice', AT);
    const machine = store.subjects.ensure(machineOf('desk'), AT);
    const rows = acts.map((given, at) => line(subject, at + 1, { time: AT + 60 * at, ...given }));
    const told = line(machine, 99, { time: AT + 30, ...change });
    return { subjectId: subject, ids: store.actions.append([rows[0]!, told, ...rows.slice(1)]) };
  });
  const teller = { store, learning };
  const [since, last] = [ids[0]!, ids.at(-1)!];
  const incident = { subjectId, user: 'alice', since, last };
  return { story: tellIncident(teller, incident, pastOf(teller, subjectId, since)) };
}
