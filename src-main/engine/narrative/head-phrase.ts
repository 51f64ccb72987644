import { baseOf, placeOf } from '../../../models/facts/place.ts';
import type { EntityRow, Phrase } from '../../contract/story/story.ts';
import { addressOf } from './act.ts';
import { placeText, useIn, type Told } from './rows.ts';
import { useOf } from './tool.ts';

/** How the row that heads an alert is told. @param telling the rows among which it was chosen */
export function headOf({ row, act }: Told, rows: readonly Told[], telling: readonly Told[]): Phrase {
  const { seen } = row;
  const program = baseOf(act.program ?? '') || act.name;
  const parent = act.parent === undefined ? undefined : baseOf(act.parent);
  // Of a program that is said to be where anybody can put one nobody else says what it is.
  const uses = { programIs: useOf(act.program ?? act.name) ?? 'unknown' };
  const parentUses = parent === undefined ? {} : useIn('parentIs', act.parent!);
  switch (row.act) {
    case 'login': {
      const isSsh = rows.some(({ act: { parent: by = '' } }) => /^sshd\b/.test(baseOf(by)));
      return { id: isSsh ? 'head.login.ssh' : 'head.login.remote', values: { address: act.address ?? '', seen } };
    }
    case 'place': {
      const id = placeOf(act.program ?? '').endsWith('hidden') ? 'head.hidden' : 'head.place';
      const values = { folder: placeText(act.program ?? ''), program, ...uses, seen };
      return parent === undefined ? { id, values } : { id: `${id}.by`, values: { ...values, parent, ...parentUses } };
    }
    case 'place-net': {
      const values = { folder: placeText(act.program ?? ''), program, ...uses, address: addressOf(act), seen };
      return withStarter('head.place-net', values, row);
    }
    case 'shell':
      return { id: 'head.shell', values: { parent: parent ?? '', ...parentUses, program, seen } };
    case 'shell-net':
    case 'connection':
      return withStarter(`head.${row.act}`, { program, ...uses, address: addressOf(act), seen }, row);
    case 'read': {
      const n = telling.filter((told) => told.row.act === 'read' && told.act.program === act.program).length;
      return {
        id: 'head.read',
        values: { program, ...useIn('programIs', act.program ?? program), file: act.file ?? act.name, n, seen },
      };
    }
    case 'port':
    case 'container-port': {
      const id = row.act === 'port' ? 'head.port' : 'head.container-port';
      return { id: act.isLoopback ? `${id}.local` : id, values: { program, ...uses, port: act.port ?? '', seen } };
    }
    case 'command':
      return { id: 'head.command', values: { name: act.name, ...useIn('nameIs', act.name), seen } };
    case 'program': {
      const values = { program, ...uses, seen };
      return parent === undefined
        ? { id: 'head.program', values }
        : { id: 'head.program.by', values: { ...values, parent, ...parentUses } };
    }
    case 'cron': {
      const { owner, name } = act;
      return owner === undefined
        ? { id: 'head.cron', values: { name } }
        : { id: 'head.cron.of', values: { name, owner } };
    }
    case 'other':
      return { id: 'head.other', values: { label: act.label, name: act.name, seen } };
    default:
      return { id: `head.${row.act}`, values: { name: act.name, seen } };
  }
}

/** … and what started the program of a connection, where the incident tells: parent, program, address. */
function withStarter(id: string, values: Phrase['values'], { chain }: EntityRow): Phrase {
  const [parent] = chain.length > 2 ? chain : [];
  return parent === undefined
    ? { id, values }
    : { id: `${id}.by`, values: { ...values, parent: baseOf(parent), ...useIn('parentIs', parent) } };
}
