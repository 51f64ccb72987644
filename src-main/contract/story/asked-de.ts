import type { askedEn } from './asked-en.ts';

export const askedDe: Readonly<Record<keyof typeof askedEn, string>> = {
  'message.not-found.alert': 'Es gibt keinen Alarm {id}.',
  'message.not-found.inbox': 'Im Eingang gibt es keinen Alarm {id}.',
  'message.not-found.user': 'Es gibt keinen Benutzer {user}.',
  'message.not-found.version': 'Es gibt keinen Modellstand {version}.',
  'message.not-found.action': 'Handlung {id} ist nicht mehr gespeichert.',
  'message.not-found.step': 'Alarm {id} hat keinen Schritt {step}.',
  'message.not-found.person': 'Es gibt niemanden namens {name}: page.people in fleet.json sagt, wen es gibt.',
  'message.bad-input.host': 'Das ist kein Name eines Rechners.',
  'message.bad-input.folder': 'Der Zustandsordner «{folder}» muss absolut sein.',
  'message.not-here.window': 'Ein Fenster zeigt nur das Programm für den Desktop.',
  'message.not-here.close': 'Ein Fenster schließt nur das Programm für den Desktop.',
  'message.not-here.notification': 'Benachrichtigungen gibt es nur im Programm für den Desktop.',
  'message.not-here.autostart': 'Nur das Programm für den Desktop startet bei der Anmeldung.',
  'message.not-here.set-up':
    'Das System lässt sich nur vom Programm für den Desktop aus ändern. Im Terminal: sudo ubad setup',
  'message.not-here.open': 'Nur das Programm für den Desktop öffnet andere Programme.',
  'message.not-here.quit':
    'Nur das Programm für den Desktop lässt sich von der Seite aus beenden. Hier beenden Sie ubad serve in seinem Terminal.',
  'message.not-here.setup': 'Führen Sie „sudo ubad setup“ in einem Terminal aus.',
  'message.not-here.pkexec': 'pkexec ist nicht installiert: Führen Sie „sudo ubad setup“ in einem Terminal aus.',
  'message.store.no-settings': 'Das Programm hinter dem Fenster hat noch keine Einstellungen.',
  'message.store.made-again': 'Die Datenbank wurde neu angelegt; das Protokoll wird von Anfang an gelesen.',
  'message.example.sealed': 'Das ist das Beispiel: Nichts darin ändert diesen Rechner. Beenden Sie es erst.',
  'message.alert.damaged':
    'Warum Alarm {id} kam, ist nicht zu sagen: Was davon gespeichert war, ist beschädigt. Sehen Sie sich seine Zeit im Zeitverlauf an.',
  'message.engine.down': 'Die Auswertung läuft nicht; sie wird neu gestartet.',
  'message.engine.exit': 'Endwert {code}',
  'message.partition.silent': 'Seine Partition hat nicht geantwortet.',
  'message.log.unreadable': '{path}: ist nicht lesbar: {cause}',
  'message.rule.no-acts': 'Alarm {id} hat keine Handlung, aus der sich eine Regel machen lässt.',
  'message.rule.no-act': 'Alarm {id} hat keine Handlung {act}, aus der sich eine Regel machen lässt.',
  'message.rule.no-scope': 'Geltung {scope}: Diese Handlung von Alarm {id} hat keine. Sie hat: {scopes}.',
};
