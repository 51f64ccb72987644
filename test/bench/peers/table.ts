import type { MethodFigures } from './figures.ts';

const share = (value: number): string => value.toFixed(3).replace(/^0/, '').replace(/0$/, '');
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const seconds = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(0));

/** A table for the documents, the method with the highest ROC-AUC first. */
export function tableOf(methods: ReadonlyMap<string, MethodFigures>): string {
  const sorted = [...methods].sort(([, a], [, b]) => b.rocAuc - a.rocAuc);
  const withAttacks = sorted.some(([, { attacks }]) => attacks);
  const head = [
    'method',
    'ROC-AUC',
    'mean of users',
    'found at 3 % false',
    ...(withAttacks
      ? ['attacks found at the own line', 'false incidents a user and week', 'found at one a day']
      : ['own line: found', 'own line: false', 'cost']),
    'fitted, s',
    'a row, µs',
  ];
  const rows = sorted.map(([name, all]) => {
    const { attacks } = all;
    const atLine = attacks
      ? [
          `${attacks.foundAtOwnLine} of ${attacks.all}`,
          attacks.falseIncidentsAWeek.toFixed(2).replace(/^0/, ''),
          String(attacks.foundAtOneADay),
        ]
      : [percent(all.ownFound), percent(all.ownFalse), all.cost.toFixed(0)];
    return [
      name,
      share(all.rocAuc),
      share(all.meanRocAuc),
      percent(all.foundAt3),
      ...atLine,
      seconds(all.fitSeconds),
      all.microsecondsARow.toFixed(0),
    ];
  });
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
