import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { describe, expect, it } from 'vitest';

import { labelText } from '../../src-main/cli/simulate.ts';
import { scratch } from '../scratch.ts';
import { simulated } from '../simulate/simulated.ts';

const folder = scratch();
const at = (name: string): string => join(folder, name);
function ubad(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const environment = { ...process.env, XDG_CONFIG_HOME: at('config'), XDG_STATE_HOME: at('states'), NO_COLOR: '1' };
  return spawnSync(process.execPath, ['src-main/cli.ts', ...words], { encoding: 'utf8', env: environment });
}

interface Demo {
  readonly summary: {
    readonly attacks: number;
    readonly meanRocAuc: number;
    readonly atOwnLine: { readonly found: number };
  };
  readonly users: readonly { readonly user: string; readonly alerts: number; readonly falseAlertsPerDay: number }[];
}

describe('ubad demo', () => {
  const run = ubad('demo', '--json', '--state', at('shown'));

  it('tells programs what was found of the labelled attacks', () => {
    expect(run.status).toBe(0);
    const { summary, users } = JSON.parse(run.stdout) as Demo;
    expect(users.map(({ user }) => user)).toEqual(['alice', 'bob', 'carol', 'dave']);
    expect(summary.attacks).toBe(20);
    // Not how good it is, which models decide; but that what is shown comes of alerts.
    expect(summary.meanRocAuc).toBeGreaterThan(0.6);
    expect(summary.atOwnLine.found).toBeGreaterThan(0);
    expect(users.reduce((sum, { alerts }) => sum + alerts, 0)).toBeGreaterThan(0);
  });

  it('takes the models that ship: nothing is trained, nothing complained of', () => {
    expect(run.stderr).not.toMatch(/not used|instead/);
  });

  it('counts the last week’s alerts, and none of the weeks before it', () => {
    const db = new DatabaseSync(join(at('shown'), 'ubad.db'));
    const plant = db.prepare(
      `INSERT INTO incidents (subject_id, opened_at, closed_at, first_action, last_action, first_time, last_time, peak, band, count, state,
                              verdict, explanation, seen)
       SELECT i.subject_id, i.opened_at, i.closed_at, a.id, a.id, a.time, a.time, i.peak, i.band, i.count, i.state, i.verdict, i.explanation, i.seen
       FROM (SELECT * FROM incidents ORDER BY id LIMIT 1) AS i
         JOIN (SELECT subject_id, min(id) AS id, time FROM actions GROUP BY subject_id) AS a ON a.subject_id = i.subject_id`,
    );
    expect(plant.run().changes).toBe(1);
    db.close();
    expect(ubad('demo', '--json', '--state', at('shown')).stdout).toBe(run.stdout);
  });

  it('is what `start` does on a machine without osquery, the same whatever that is set to', () => {
    writeFileSync(at('config.json'), JSON.stringify({ log: at('no-osquery.log'), alarm: 8 }));
    const start = ubad('start', '--json', '--config', at('config.json'));
    expect(start.stderr).toMatch(/does not exist: is osquery installed\? Showing the shipped example instead/);
    expect(start.stdout).toBe(run.stdout);
  });
});

describe('ubad evaluate --baseline original', () => {
  const days = 3;
  const { lines, labels } = simulated({ users: 1, days });
  const from = lines.findIndex(({ time }) => time >= lines[0]!.time + (days - 1) * 86_400 - 3600);
  const text = (part: typeof lines): string => part.map((line) => `${line.text}\n`).join('');
  writeFileSync(at('past.log'), text(lines.slice(0, from)));
  writeFileSync(at('test.log'), text(lines.slice(from)));
  writeFileSync(at('labels.jsonl'), labelText(labels));
  const words = [
    'evaluate',
    '--algorithm',
    'ocsvm',
    '--baseline',
    'original',
    '--train',
    at('past.log'),
    '--test',
    at('test.log'),
  ];

  it('judges the same attacks by ours and by the original’s two methods', () => {
    const run = ubad(...words, '--labels', at('labels.jsonl'), '--json');
    expect(run.status).toBe(0);
    const found = JSON.parse(run.stdout) as Record<string, { attacks: number; meanRocAuc: number; atOwnLine: unknown }>;
    expect(Object.keys(found)).toEqual(['fused', 'ocsvm', 'original lstm', 'original ocsvm']);
    for (const { attacks, meanRocAuc } of Object.values(found)) {
      expect(attacks).toBe(20);
      expect(meanRocAuc).toBeGreaterThan(0);
    }
    expect(found['original lstm']?.atOwnLine).toBeNull();
    expect(found.fused?.atOwnLine).not.toBeNull();
  });

  it('refuses labels that are none in a sentence', () => {
    writeFileSync(at('wrong.jsonl'), 'not JSON\n');
    const run = ubad(...words, '--labels', at('wrong.jsonl'));
    expect(run).toMatchObject({ status: 4, stdout: '' });
    expect(run.stderr).toMatch(/wrong\.jsonl: line 1 is not JSON/);
  });
});
