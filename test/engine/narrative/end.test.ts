import { expect, it } from 'vitest';

import { mayBeUnmeant, textOf } from '../../../src-main/contract/story/tell.ts';
import type { Explanation } from '../../../src-main/engine/explanation/explain.ts';
import { explanationOf } from '../../../src-main/engine/explanation/explanation.ts';
import { tellToItsEnd } from '../../../src-main/engine/narrative/tell-end.ts';
import { storyOfIncident } from '../../../src-main/engine/narrative/tell-incident.ts';
import { incidentOf } from '../answer/incident-of.ts';
import { line } from '../store/store-at.ts';
import { AT, connect, row, start, told, typed } from './tell.ts';

it('tells of what came after it was told last, when it is opened and when it is over', () => {
  const made = incidentOf([typed('vi'), typed('make')]);
  expect(storyOfIncident(made, made.incident)).toEqual(made.story);
  const end = (): Explanation => {
    const last = made.store.transaction(() => tellToItsEnd(made, made.incident.id, 'alice'));
    const stored = made.store.incidents.byId(made.incident.id)!;
    expect(last).toBe(stored.lastAction);
    return explanationOf(stored)!;
  };
  expect(end()).toEqual(explanationOf(made.incident));
  const key = row('authorized_keys', {
    username: 'alice',
    comment: 'x@y',
    key_file: '/home/alice/.ssh/authorized_keys',
  });
  const grown = made.store.transaction(() => {
    const [last] = made.store.actions.append([line(made.subjectId, 3, { time: AT + 600, ...key })]);
    made.store.incidents.extend(made.incident.id, { ...made.incident, lastAction: last!, lastTime: AT + 600 });
    return made.store.incidents.byId(made.incident.id)!;
  });
  const story = storyOfIncident(made, grown)!;
  expect(story.act).toBe('key');
  expect(story.since).toBe(made.story.since);
  expect(story.until).toBe(grown.lastAction);
  const whole = end();
  expect(whole.story).toEqual(story);
  expect(whole.sentence).toContain(textOf(story.headline, 'en'));
});

it('may be unmeant where a document or page started it', () => {
  expect(mayBeUnmeant(told([start('/usr/bin/dash', 'soffice.bin')]).story)).toBe(true);
  const script = [start('/usr/bin/python3', 'soffice.bin'), connect('/usr/bin/python3', '203.0.113.9', '4444')];
  expect(mayBeUnmeant(told(script).story)).toBe(true);
  expect(mayBeUnmeant(told([start('/tmp/x', 'bash')]).story)).toBe(false);
});
