import type { ComparedFact } from '../../../src-main/contract/compared.ts';
import { t } from '../words.svelte.ts';

/** A fact as a thing that somebody does or has: "a connection of nc to port 4444". */
export function factText({ kind, key, program }: ComparedFact): string {
  // A row may name no program.
  const name = program === null || program === '' ? key : program;
  const after = (mark: string): string => key.slice(key.lastIndexOf(mark) + mark.length);
  switch (kind) {
    case 'pair':
      return t('fleet.fact.pair', { program: name, parent: key.split(' > ', 1)[0]! });
    case 'connection':
      return program === ''
        ? t('fleet.fact.connection.any', { port: after(':') })
        : t('fleet.fact.connection', { program: name, port: after(':') });
    case 'port':
    case 'service':
      return after(':') === 'any'
        ? t('fleet.fact.port.any', { program: name })
        : t('fleet.fact.port', { program: key.slice(0, key.lastIndexOf(':')), port: after(':') });
    case 'file':
      return t('fleet.fact.file', { program: name, folder: key.slice(name.length + 1) });
    case 'deleted':
      return t('fleet.fact.deleted', { program: name, folder: key });
    default:
      return t(`fleet.fact.${kind}`, { key });
  }
}
