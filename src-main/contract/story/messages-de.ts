import type { messagesEn } from './messages-en.ts';

export const messagesDe: Readonly<Record<keyof typeof messagesEn, string>> = {
  'message.model.not-used': 'Modellstand {version} wird nicht benutzt: {what}',
  'message.model.used-instead': 'stattdessen wird Modellstand {version} benutzt',
  'message.model.failed': 'Er ist beim Urteilen gescheitert ({cause})',
  'message.model.not-json': '{file} ist kein JSON. Neu lernen lassen oder zurückgehen.',
  'message.model.missing': '{file} ist nicht lesbar ({cause}). Neu lernen lassen.',
  'message.model.other-format': 'Modellformat {found}, dieses Programm liest {known}. Neu lernen lassen.',
  'message.model.no-manifest': '{file} ist kein Verzeichnis eines Modells. Neu lernen lassen oder zurückgehen.',
  'message.model.other-pack':
    'Gelernt mit anderen Abfragen oder Merkmalen, als das Paket jetzt hat. Neu lernen lassen.',
  'message.model.file-gone': '{file} fehlt oder ist nicht lesbar ({cause}). Neu lernen lassen oder zurückgehen.',
  'message.model.file-other': '{file} ist nicht, was geschrieben wurde. Neu lernen lassen oder zurückgehen.',
  'message.model.not-loaded': 'Er lässt sich nicht laden ({cause}). Neu lernen lassen oder zurückgehen.',
  'message.model.example': '{what} Stattdessen wird am Beispiel gelernt.',
  'message.model.example-both': 'Die mitgelieferten Modelle sind für «both»; stattdessen wird «{algorithm}» gelernt.',
  'message.model.no-reference': '{user} hat noch kein Vergleichsmodell.',
  'message.model.too-few': 'Ein Modell braucht {needed} Handlungen zum Lernen und hat {counted}.',
  'message.model.taken-back':
    'Das neue Modell fand {after} des späteren Verhaltens seltsam, das davor {before}; das wird wieder benutzt',
  'message.model.slow-change':
    '{user} arbeitet anders als am {date} und kam so langsam dahin, dass nichts alarmierte: Von den letzten {n} Handlungen, die nicht alarmieren, hätten es damals {share} %. War das {user}? Die Seite der Modelle fragt danach, und auch: ubad models anchor {user}',
  'message.training.later': 'Das Lernen ist gescheitert und wird später wieder versucht: {cause}',
  'message.training.failed': 'Das Lernen ist gescheitert: {cause}',
  'message.log.lost': '{n} Ergebnisse von {query} auf {host} gingen verloren, bevor sie im Protokoll standen',
  'message.log.odd.prefix':
    'Zeilen von {path} hatten etwas vor ihrem JSON, wie syslog es davorsetzt, und wurden ausgepackt; in ein solches Protokoll schreiben vielleicht auch andere.',
  'message.log.odd.several': 'Zeilen von {path} enthielten mehrere Ergebnisse und wurden zerlegt.',
  'message.log.odd.array': 'Zeilen von {path} waren die einer JSON-Liste und wurden ausgepackt.',
  'message.log.odd.shipped': 'Zeilen von {path} waren von einem Protokollversender verpackt und wurden ausgepackt.',
  'message.log.odd.future':
    'Zeilen von {path} behaupten eine Zeit in der Zukunft und gelten als so alt wie die Zeile davor: Sehen Sie nach der Uhr des Rechners.',
  'message.log.cut':
    '{path} hat sein Ende verloren: {n} Zeilen davon wurden gelesen, {left} sind übrig; danach wird weitergelesen, was seitdem geschrieben wurde, fehlt vielleicht',
  'message.log.replaced.unknown':
    '{path} wurde ersetzt, während niemand las; was nach Zeile {line} in der alten Datei stand, ist nicht unter den rotierten: Wie viel das war, ist unbekannt. Rotierte Dateien werden nur neben dem Protokoll gesucht, nicht da, wohin logrotate sie mit olddir legt',
  'message.log.emptied':
    '{path} wurde geleert, bevor es zu Ende gelesen war; was nach Zeile {line} in der alten Datei stand, ist nicht unter den rotierten: {n} Bytes sind sicher verloren',
  'message.log.replaced':
    '{path} wurde ersetzt, bevor es gelesen werden konnte; was in der alten Datei stand, wird nicht gelesen',
  'message.log.packed':
    '{path}: Es ist mit {packer} gepackt, was hier nicht gelesen wird; auspacken mit: {command}. Der Rest davon wurde nicht gelesen.',
  'message.log.missing': '{path}: gibt es noch nicht: Läuft osqueryd?',
  'message.log.denied': '{path}: darf dieser Benutzer nicht lesen; erlauben mit: {command}',
  'message.log.irregular': '{path}: ist nicht lesbar: keine gewöhnliche Datei',
  'message.store.full':
    'Der Datenträger ist voll, in {path} lässt sich nichts mehr speichern. Schaffen Sie Platz; das Lesen geht von selbst weiter.',
  'message.store.damaged':
    'Die Datenbank {path} ist beschädigt. Neu starten: Dann wird sie geprüft und beiseitegelegt.',
  'message.store.read-only':
    'Die Datenbank {path} lässt sich nicht schreiben. Prüfen Sie ihre Rechte und ob ihr Datenträger nur lesbar eingehängt ist.',
  'message.store.busy': 'Ein anderes Programm hält die Datenbank {path}. Schließen Sie es; es wird wieder versucht.',
  'message.store.disk':
    'Der Datenträger hat bei {path} versagt ({cause}). Prüfen Sie den Datenträger und das Protokoll des Systems.',
  'message.store.again': '{what} Es wird alle {n} s wieder versucht; verloren geht solange nichts.',
  'message.store.goes-on': 'Das Speichern geht wieder.',
  'message.store.not-opened':
    'Der Speicher in {folder} lässt sich nicht öffnen: {cause}. Prüfen Sie seine Rechte und den freien Platz.',
  'message.store.put-aside':
    'Die Datenbank {path} ist beschädigt. Sie wurde als {aside} beiseitegelegt, mit den Modellen, die sie kannte; an ihrer Stelle beginnt eine neue, die das Protokoll von Anfang an liest und lernt.',
  'message.store.foreign':
    'Die Datei {path} ist die Datenbank eines anderen Programms. Legen Sie sie woandershin, oder wählen Sie mit --state einen anderen Ordner.',
  'message.store.newer':
    'Der Speicher {path} stammt von einer neueren Version von ubad (Speicherversion {found}, diese kennt {known}). Nichts wurde geändert. Installieren Sie jene Version wieder, oder wählen Sie mit --state einen anderen Ordner.',
  'message.store.owner':
    'Der Ordner {folder} gehört einem anderen Benutzer (uid {uid}). Als dieser Benutzer ausführen, oder mit --state einen anderen Ordner wählen.',
  'message.store.open-folder': 'Andere Benutzer können im Ordner {folder} schreiben. Ausführen: {command}',
  'message.store.in-use':
    'Ein anderes ubad schreibt in {folder}. Halten Sie es erst an, oder wählen Sie mit --state einen anderen Ordner.',
  'message.store.in-use-by':
    'Ein anderes ubad (Prozess {pid}) schreibt in {folder}. Halten Sie es erst an, oder wählen Sie mit --state einen anderen Ordner.',
  'message.store.left':
    '{path} wurde früher beiseitegelegt und enthält vielleicht noch, was jetzt gelöscht wurde; löschen Sie es selbst.',
  'message.settings.not-json':
    '{file} ist kein JSON-Objekt; es wurde als {aside} aufgehoben, und die Voreinstellungen gelten.',
  'message.settings.not-kept':
    'Die Einstellungen lassen sich nicht in {file} aufheben: {cause}. Sie gelten, bis das Programm endet.',
  'message.settings.newer':
    '{file} stammt von einer neueren Version von ubad (Einstellungsversion {found}). Es bleibt, wie es ist; Änderungen gelten, bis das Programm endet.',
  'message.settings.wrong-one':
    '{file}: {name} kann so nicht sein und hat jetzt die Voreinstellung. Die Datei, wie sie war, ist als {aside} aufgehoben.',
  'message.settings.wrong':
    '{file}: {names} können so nicht sein und haben jetzt die Voreinstellungen. Die Datei, wie sie war, ist als {aside} aufgehoben.',
  'message.desktop.no-tray':
    'Diese Arbeitsumgebung zeigt keine Symbole im Infobereich; ubad geht auch ohne. Starten Sie es noch einmal, um sein Fenster zu sehen.',
  'message.desktop.not-locked':
    'Der Bildschirm ließ sich nicht sperren: weder loginctl noch diese Arbeitsumgebung konnte es. Sperren Sie ihn von Hand, und sehen Sie nach, ob ein Bildschirmschoner mit Sperre installiert ist.',
  'message.desktop.not-normal': 'Alarm {id} ließ sich nicht normal nennen: {cause}',
  'message.of': '{user}: {what}',
};
