import type { QueryLearning } from '../../../models/action.ts';
import { baseOf } from '../../../models/facts/place.ts';
import type { Phrase } from '../../contract/story/story.ts';
import { short } from '../explanation/describe.ts';
import { actOf, addressOf, valueAt } from '../narrative/act.ts';

/** What stands for a value that a row does not have. */
const NONE = '–';
const LENGTH = 120;

/** The fact that a query and the values of a row stand for, as rules name it. */
export function factOf(
  { query, values }: { readonly query: string; readonly values: Readonly<Record<string, string>> },
  learning: ReadonlyMap<string, QueryLearning>,
): Phrase {
  const act = actOf({ id: 0, time: 0, query, columns: values }, learning);
  const at = (column: string): string => short(valueAt(values, column) ?? NONE, LENGTH);
  const { kind, label, program, parent, address, tty = NONE, port = NONE } = act;
  const name = program === undefined ? act.name : baseOf(program);
  switch (kind) {
    case 'login':
      return address === undefined
        ? { id: 'rule.fact.login.local', values: { tty } }
        : { id: 'rule.fact.login', values: { address, tty } };
    case 'program':
      return parent === undefined
        ? { id: 'rule.fact.program', values: { name: program ?? name } }
        : { id: 'rule.fact.program.by', values: { name: program ?? name, parent } };
    case 'connection':
      return { id: 'rule.fact.connection', values: { name, address: addressOf(act) } };
    case 'file':
      return { id: 'rule.fact.file', values: { name, file: at('path') } };
    case 'port':
      return port === 'ephemeral'
        ? { id: 'rule.fact.port.high', values: { name } }
        : { id: 'rule.fact.port', values: { name, port } };
    case 'key':
      return { id: 'rule.fact.key', values: { comment: at('comment'), file: at('key_file') } };
    case 'cron':
      return { id: 'rule.fact.cron', values: { name: act.name, file: at('path') } };
    case 'autostart':
      return { id: 'rule.fact.autostart', values: { file: short(valueAt(values, 'path') ?? act.name, LENGTH) } };
    case 'session':
    case 'other':
      return { id: 'rule.fact.other', values: { label, name: short(Object.values(values).join(' ') || NONE, LENGTH) } };
    default:
      return { id: `rule.fact.${kind}`, values: { name: act.name } };
  }
}
