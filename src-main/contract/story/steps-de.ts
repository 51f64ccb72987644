import type { stepsEn } from './steps-en.ts';

export const stepsDe: Readonly<
  Record<keyof typeof stepsEn, string | { readonly one: string; readonly other: string }>
> = {
  'step.lock': 'Bildschirm sperren',
  'step.session': 'Anmeldesitzung {session} beenden; was darin nicht gespeichert ist, geht verloren',
  'step.terminal': 'Beenden, was auf {tty} läuft; was dort nicht gespeichert ist, geht verloren',
  'step.process': '{program} anhalten (Prozess {pid})',
  'step.processes': {
    one: '{programs} anhalten, wenn es noch läuft, mit kill und seiner Nummer',
    other: '{programs} anhalten, soweit sie noch laufen, mit kill und ihren Nummern',
  },
  'step.evidence': 'Festhalten, was bekannt ist, für den, der sich um diesen Rechner kümmert',
  'step.key': 'Den SSH-Schlüssel {name} aus {file} entfernen: Wer ihn hat, kann sich anmelden',
  'step.key.plain': 'Die SSH-Schlüssel in {file} durchsehen und entfernen, was nicht von {user} ist',
  'step.cron': 'Den Cron-Auftrag entfernen, der {name} startet',
  'step.autostart': 'Den Autostart-Eintrag {file} ausschalten',
  'step.unit': 'Den Dienst {name} anhalten und nicht wieder starten lassen',
  'step.account': 'Das Konto {name} sperren: Niemand kann sich dann damit anmelden',
  'step.accounts': 'Nachsehen, ob ein Konto hinzukam oder geändert wurde, und es dann sperren',
  'step.admin': 'Dem Konto mit der uid {uid} die Rechte der Gruppe {group} nehmen',
  'step.sudo': 'Die sudo-Regel {name} entfernen',
  'step.module': 'Das Kernelmodul {name} entladen',
  'step.device': '{name} abziehen und aufbewahren',
  'step.port': 'Nachsehen, welches Programm auf Port {port} wartet',
  'step.secrets': 'Was in {file} steht, als anderen bekannt ansehen: ändern',
  'step.secrets.more': {
    one: 'Was in {file} und {n} weiteren Datei steht, als anderen bekannt ansehen: ändern',
    other: 'Was in {file} und {n} weiteren Dateien steht, als anderen bekannt ansehen: ändern',
  },
  'step.disconnect': 'Den Rechner vom Netz nehmen, solange noch jemand verbunden sein könnte',
  'step.password': 'Das Passwort von {user} ändern, am besten von einem Rechner aus, dem Sie trauen',
  'step.tell': 'Bei der Arbeit: dem Bescheid geben, der sich um die Rechner kümmert; diesen hier eingeschaltet lassen',
  'step.note.ended': 'ist beendet',
  'step.note.unknown': 'ob er noch läuft, ist nicht zu sagen',
  'step.note.root': 'braucht die Rechte von root',
  'step.note.host': 'auf {host}, nicht auf diesem Rechner',
  'step.note.example': 'nur ein Beispiel: Hier muss nichts ausgeführt werden',
  'twin.address': 'dieselbe Adresse, {name}',
  'twin.program': 'dasselbe Programm, {name}',
  'twin.thing': 'dasselbe, {name}',
};
