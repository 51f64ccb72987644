import { expect, it } from 'vitest';

import { begunAt } from '../../../src-main/contract/story/tell.ts';
import { AT, start, times, told, typed } from './tell.ts';

it('begins with what is new: what is only rare, and began more than a minute before it, is no part of an incident', () => {
  const acts = [typed('chmod'), typed('ls'), typed('ls'), start('/tmp/x', 'bash'), typed('chmod')];
  const past = [...times(2, typed('chmod')), ...times(30, typed('ls'))];
  const { story } = told(acts, past);
  expect(story.rows.map(({ act }) => act)).toEqual(['place']);
  expect(begunAt(story, AT + 200)).toBe(AT + 180);
  // What is told a minute before may have been done after it.
  const near = told([typed('ls'), typed('chmod'), start('/tmp/x', 'bash')], past).story;
  expect(near.rows.map(({ act }) => act)).toEqual(['command', 'place']);
});
