import { describe, expect, it } from 'vitest';

import { message, messageIds, saidIn, type MessageId } from '../../src-main/contract/story/messages.ts';
import { askedEn } from '../../src-main/contract/story/asked-en.ts';
import { messagesEn } from '../../src-main/contract/story/messages-en.ts';
import { textOf } from '../../src-main/contract/story/tell.ts';
import { seemingText, seemings, type Seeming } from '../../src-main/line-forms/sentences.ts';

const allEn = { ...messagesEn, ...askedEn };
const placesOf = (id: MessageId): string[] => allEn[`message.${id}`].match(/(?<=\{)\w+(?=\})/g) ?? [];
/** Values as they come: a path with blanks, a number, an error of the system with colons and brackets. */
const valueOf = (place: string): string =>
  ({ path: '/var/lib/my state/ubad.db', folder: '/home/a b', n: '17', cause: "EACCES: no (really), open '/x'" })[
    place
  ] ?? 'ab-1.0';

describe.each(messageIds)('the message %s', (id) => {
  const inner = message('store.goes-on');
  const values = Object.fromEntries(placesOf(id).map((place) => [place, place === 'what' ? inner : valueOf(place)]));

  it('is known again in English, and said in German with its values', () => {
    const text = message(id, values);
    const german = { ...values, ...('what' in values && { what: saidIn(inner, 'de') }) };
    expect(saidIn(text, 'en')).toBe(text);
    expect(saidIn(text, 'de')).toBe(textOf({ id: `message.${id}`, values: german }, 'de'));
  });
});

it('says one in another, as a model that cannot be used is told of', () => {
  const file = message('of', { user: '/s/models/3', what: message('model.other-pack') });
  const text = message('of', { user: 'alice', what: message('model.not-used', { version: 3, what: file }) });
  expect(text).toBe(
    'alice: model version 3 is not used: /s/models/3: trained with other queries or features than the pack now has. Train again.',
  );
  expect(saidIn(text, 'de')).toBe(
    'alice: Modellstand 3 wird nicht benutzt: /s/models/3: Gelernt mit anderen Abfragen oder Merkmalen, als das Paket jetzt hat. Neu lernen lassen.',
  );
});

it.each(Object.keys(seemings) as Seeming[])('says what a log seems to be: %s', (seeming) => {
  const said = saidIn(seemingText('/var/log/x', seeming), 'de');
  expect(said).toMatch(/^\/var\/log\/x enthält kein Ergebnis von osquery\. /);
  expect(said).not.toMatch(/\b(?:seems|lines|Name)\b/);
});

it('leaves what it does not know, and what is too long to be one', () => {
  for (const text of [
    'ENOENT: no such file',
    'alice: something else',
    '',
    `${'x'.repeat(5000)}: ${message('store.goes-on')}`,
  ])
    expect(saidIn(text, 'de')).toBe(text);
});
