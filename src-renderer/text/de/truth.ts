import type { Translated } from '../translated.ts';
import type { truth as english } from '../en/truth.ts';

export const truth: Translated<typeof english> = {
  'assurance.calm': 'Alles ruhig',
  'assurance.calm.why': 'Nichts wartet, das Protokoll wird gelesen und ist frisch, und jemand ist gut genug bekannt.',
  'assurance.waiting': { one: '{n} Alarm ohne Antwort', other: '{n} Alarme ohne Antwort' },
  'assurance.unknown': 'Einen Augenblick',
  'assurance.unknown.why': 'Die Auswertung hat noch nicht geantwortet.',
  'assurance.blind': 'Gerade wird niemand beobachtet',
  'assurance.blind.why': 'Was jetzt geschieht, wird nicht gelesen. Der Hinweis oben und die Prüfung sagen, warum.',
  'assurance.refused': 'Keine Zeile des Protokolls ist brauchbar',
  'assurance.refused.why':
    'Bis Ergebnisse von osquery kommen, wird niemand beobachtet. Die Prüfung sagt, was zu tun ist.',
  'assurance.nobody': 'Noch wurde nichts gelesen',
  'assurance.nobody.why': 'Sobald osquery Ergebnisse schreibt, erscheint hier, von wem sie handeln.',
  'assurance.silent': 'Das Protokoll schweigt seit {since}',
  'assurance.silent.why': 'Was seither geschah, kann niemand sagen. Sehen Sie nach, ob osquery läuft.',
  'assurance.learning': 'Lernt noch',
  'assurance.learning.why': 'Noch ist niemand gut genug bekannt: Das meiste, was auffällt, schlägt jetzt keinen Alarm.',
  'subjects.people': { one: '{n} Person', other: '{n} Personen' },
  'subjects.machines': { one: '{n} Gerät', other: '{n} Geräte' },
  'subjects.machines.title': 'Geräte',
  'subjects.people.title': 'Personen',
  'nav.state.subjects': 'Beobachtet {people}',
  'nav.state.subjects-and-machines': 'Beobachtet {people}, {machines}',
  'nav.state.learning': 'Lernt',
  'nav.state.silent': 'Das Protokoll schweigt',
};
