import type { Translated } from '../translated.ts';
import type { readings as english } from '../en/readings.ts';

export const readings: Translated<typeof english> = {
  'seems.status-log':
    'Es ist anscheinend osquerys Statusprotokoll, in dem osqueryd von sich erzählt. Nenne das Protokoll der Ergebnisse, osqueryd.results.log.',
  'seems.shipper':
    'Es ist anscheinend, was ein Protokollversender (Filebeat, Fluentd, Logstash) aus den Ergebnissen gemacht hat. Nenne osquerys eigenes osqueryd.results.log, oder lass den Versender die Zeile ganz behalten, in „message“.',
  'seems.spread':
    'Es ist anscheinend JSON, das über mehrere Zeilen geht. Schreibe ein Objekt je Zeile, wie osquery es tut.',
  'seems.not-json':
    'Seine Zeilen sind kein JSON oder abgeschnitten: Es ist anscheinend das Protokoll eines anderen Programms. Nenne osquerys Protokoll der Ergebnisse, osqueryd.results.log.',
  'seems.no-result':
    'Seine Zeilen sind JSON, aber keine Ergebnisse von osquery. Nenne osquerys Protokoll der Ergebnisse, osqueryd.results.log.',
  'odd.prefix': {
    one: 'Vor dem JSON von {n} Zeile stand etwas, wie Syslog es davorsetzt; sie wurde ausgepackt. In ein solches Protokoll können auch andere schreiben.',
    other:
      'Vor dem JSON von {n} Zeilen stand etwas, wie Syslog es davorsetzt; sie wurden ausgepackt. In ein solches Protokoll können auch andere schreiben.',
  },
  'odd.several': {
    one: '{n} Zeile enthielt mehrere Ergebnisse und wurde zerlegt.',
    other: '{n} Zeilen enthielten mehrere Ergebnisse und wurden zerlegt.',
  },
  'odd.array': {
    one: '{n} Zeile war die einer JSON-Liste und wurde ausgepackt.',
    other: '{n} Zeilen waren die einer JSON-Liste und wurden ausgepackt.',
  },
  'odd.shipped': {
    one: '{n} Zeile war von einem Protokollversender eingepackt und wurde ausgepackt.',
    other: '{n} Zeilen waren von einem Protokollversender eingepackt und wurden ausgepackt.',
  },
  'odd.future': {
    one: '{n} Eintrag nennt eine Zeit in der Zukunft und gilt als so alt wie die Zeile davor: Sieh nach der Uhr des Rechners.',
    other:
      '{n} Einträge nennen eine Zeit in der Zukunft und gelten als so alt wie die Zeile davor: Sieh nach der Uhr des Rechners.',
  },
  'log.none': 'Es enthält kein Ergebnis von osquery.',
  'log.refused': { one: '{n} Zeile abgewiesen: {reason}.', other: '{n} Zeilen abgewiesen: {reason}.' },
  'reason.not-json': 'kein JSON',
  'reason.not-an-object': 'kein Objekt',
  'reason.no-name': 'ohne Namen einer Abfrage',
  'reason.no-time': 'ohne Zeit',
  'reason.no-rows': 'ohne Einträge',
  'reason.bad-row': 'ein Eintrag, der sich nicht lesen lässt',
  'reason.bad-action': 'eine unbekannte Aktion',
  'reason.too-long': 'länger als 1 MiB',
  'reason.status-log': 'Meldungen von osqueryd selbst',
  'reason.shipper': 'Sätze eines Protokollversenders',
  'reason.spread': 'JSON über mehrere Zeilen',
};
