import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { plotOf, type Plotted } from '../../src-main/cli/model-plot.ts';
import { storyLanguages } from '../../src-main/contract/story/tell.ts';
import { lineOf } from '../engine/log-lines.ts';
import { ordinary } from '../models/ordinary.ts';
import { scratch } from '../scratch.ts';
import { ACTS, HOSTILE } from '../terminal/hostile-store.ts';

const model: Plotted = {
  user: 'alice',
  version: 3,
  curves: { lstm: [5, 3, 2, 1.5], ocsvm: [] },
  heldOutCurves: {},
  maxima: [0.5, 1.25, 2.75, 0.75],
  alarm: 2.5,
};

it('draws each curve, each stretch that was held out and the line; what alarms is red', () => {
  const svg = plotOf(model, 'en');
  expect(svg).toContain('alice, model 3');
  expect(svg).toContain('Training, lstm: mean loss by slice');
  expect(svg).not.toContain('ocsvm');
  // 720 wide, 60 at each side: the first and the last value at the frame's edges, the greatest at its top.
  expect(svg).toContain('points="60.00,70.00 260.00,172.86 460.00,224.29 660.00,250.00"');
  expect(svg.match(/<circle/g)).toHaveLength(4);
  expect(svg.match(/<circle[^>]*#b3261e/g)).toHaveLength(1);
  expect(svg).toContain('alarms from 2.50');
});

it('draws what was held out dashed, on the scale of both', () => {
  const svg = plotOf({ ...model, heldOutCurves: { lstm: [6, 4, 3, 3.5] } }, 'en');
  expect(svg).toContain('Training, lstm: mean loss by slice; dashed: of actions that were held out');
  expect(svg).toContain('stroke-dasharray="6 4" points="60.00,70.00 260.00,150.00 460.00,190.00 660.00,170.00"');
  expect(svg).not.toContain('points="60.00,70.00 260.00,172.86');
});

it.each(storyLanguages)('is well-formed and does nothing, whatever the user is called: %s', (language) => {
  const svg = plotOf({ ...model, user: `<script>"&'${HOSTILE}` }, language);
  expect(svg).not.toMatch(/<script/);
  expect(ACTS.exec(svg)).toBeNull();
  expect(svg).toContain('&lt;script&gt;&quot;&amp;');
  expect(svg.match(/<(?:svg|title|text)\b/g)?.length).toBe(svg.match(/<\/(?:svg|title|text)>/g)?.length);
  expect(plotOf({ ...model, curves: {}, maxima: [] }, language)).toMatch(/kept|aufgehoben/);
});

it('ubad models plot writes a private file once', () => {
  const folder = scratch();
  const at = (name: string): string => join(folder, name);
  writeFileSync(
    at('log'),
    ordinary(900)
      .map((action) => `${lineOf(action)}\n`)
      .join(''),
  );
  const ubad = (...words: string[]) =>
    spawnSync(process.execPath, ['src-main/cli.ts', ...words, '--state', at('state')], { encoding: 'utf8' });
  expect(ubad('train', '--log', at('log'), '--subject', 'alice', '--algorithm', 'ocsvm').status).toBe(0);
  const drawn = ubad('models', 'plot', 'alice', '--out', at('alice.svg'), '--language', 'de');
  expect(drawn.stderr).toMatch(/alice\.svg: model 1 of alice; only you can read it/);
  expect(readFileSync(at('alice.svg'), 'utf8')).toContain('zurückgehaltenen Abschnitten');
  expect(statSync(at('alice.svg')).mode & 0o777).toBe(0o600);
  expect(ubad('models', 'plot', 'alice', '--out', at('alice.svg'))).toMatchObject({ status: 2 });
  expect(ubad('models', 'plot', 'bob')).toMatchObject({ status: 2, stderr: 'ubad: no user bob; see: ubad status\n' });
  expect(ubad('models', 'plot', 'alice').stdout).toMatch(/^<svg [^]*<\/svg>\n$/);
});
