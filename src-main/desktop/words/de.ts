import type { DesktopWords } from './en.ts';

const alarms = (n: number): string => (n === 1 ? '1 Alarm' : `${n} Alarme`);

export const de: DesktopWords = {
  language: 'de',
  engineStopped: (cause) => `Die Auswertung ist stehen geblieben (${cause}); sie wird neu gestartet`,
  logMissing: (path) => `Das Protokoll ${path} fehlt`,
  logUnreadable: (path) => `Das Protokoll ${path} kann nicht gelesen werden`,
  allRefused: 'Keine Zeile des Protokolls ist zu brauchen: Alle wurden abgewiesen',
  starting: 'Startet …',
  waiting: 'Wartet auf das erste Ereignis',
  watching: (people, machines, ago) =>
    `Beobachtet ${people} Benutzer${machines === 0 ? '' : `, ${machines} Rechner`} · letztes Ereignis ${ago}`,
  secondsAgo: (n) => `vor ${n} s`,
  minutesAgo: (n) => `vor ${n} min`,
  hoursAgo: (n) => `vor ${n} h`,
  daysAgo: (n) => `vor ${n} Tagen`,
  pausedUntil: (clock) => `Pause bis ${clock}`,
  goingOn: (n) => (n === 1 ? '1 Alarm dauert an' : `${n} Alarme dauern an`),
  toAnswer: (n) => `${alarms(n)} ohne Antwort`,
  ofThemGoingOn: (n) => (n === 1 ? ', 1 dauert an' : `, ${n} dauern an`),
  noAlerts: 'Kein Alarm ohne Antwort',
  leaves: {
    lines: (fleet) => `Sendet sein Protokoll an die Flotte ${fleet}`,
    alerts: (fleet) => `Sendet seine Alarme an die Flotte ${fleet}`,
  },
  setupCheck: 'Prüfung ⚠',
  settings: 'Einstellungen',
  lock: 'Bildschirm sperren',
  quit: 'Beenden',
  pause: 'Pause',
  resume: 'Jetzt fortsetzen',
  pauseFor: { '15-minutes': '15 min', '1-hour': '1 h', tomorrow: 'Bis morgen' },
  ends: (clock) => ` (bis ${clock})`,
  menuPaused: (clock) => `Pause bis ${clock}`,
  onDay: (clock, date) => `${clock} am ${date.getDate()}. ${date.toLocaleString('de', { month: 'long' })}`,
  stillGoingOn: ', dauert an',
  training: (percent) => `Modell: im Training, ${percent} %`,
  learning: (percent) => `Modell: lernt noch, ${percent} %`,
  ready: 'Modell: bereit',
  nothingLearned: 'Modell: noch nichts gelernt',
  band: { low: 'niedrig', medium: 'mittel', high: 'hoch', critical: 'kritisch' },
  whileQuiet: (n) => `Während der Ruhe: ${alarms(n)}`,
  burst: (n) => `${n} neue Alarme in einer Minute`,
  aboutOne: (user, worst) => `Es geht um ${user}: ${worst}.`,
  allAbout: (user, worst) => `Alle betreffen ${user}; der schwerste ist ${worst}.`,
  about: (counts, others, worst) => {
    const parts = counts.map(
      ([user, count], at) => `${count}${at > 0 ? '' : count === 1 ? ' betrifft' : ' betreffen'} ${user}`,
    );
    return `${[...parts, ...(others > 0 ? [`${others} andere`] : [])].join(', ')}; der schwerste ist ${worst}.`;
  },
  strange: 'Auffällig',
  rare: 'Neues dieser Art ist hier selten',
  stranger: (percent, of) =>
    `Auffälliger als ${percent.toLocaleString('de')} % ${of === 'last-30-days' ? 'der letzten 30 Tage' : 'des Normalen'}`,
  at: (how, when) => `${how}, um ${when}`,
  usually: (from, to) => `; üblich ${from}–${to}`,
  grown: (n) => ` Bisher ${n} auffällige Augenblicke.`,
  show: 'Zeigen',
  normalFor: (user) => `Normal für ${user}`,
  snooze: '1 h Ruhe',
};
