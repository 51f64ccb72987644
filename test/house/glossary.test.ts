import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const files = execFileSync('git', ['ls-files', '-z', 'src-main', 'src-renderer', 'models', 'scripts', 'test'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  // A person's texts read as they read best.
  .filter((path) => /\.(ts|mjs|svelte)$/.test(path) && !/^(test\/house\/glossary|src-renderer\/text\/)/.test(path));

/** Names that the field has another word for, and that word. */
const gone: readonly (readonly [old: RegExp, term: string])[] = [
  [/\bIncidentNews\b|\bnew Alarms\b|: Alarms\b|#news\b/, 'AlertEvent, AlertNotifier'],
  [
    /\b(?:alarmOf|alarmLine|alarmsPerDay|[aA]larmFigures|untilAlarm|afterAlarm)\b|\binterface Alarm\b/,
    'Detection, alert threshold',
  ],
  [
    /\b(?:Notices?|Noted(?! as)|noting|diskNote|sourceNote|noteOnly)\b|(?<!\w)(?:ownLog|log|\.)\??\.note\(/,
    'UserMessage, LogEvent',
  ],
  [/\bnew Who\b|\bWho\b(?= [},])|: Who\b/, 'SubjectResolver'],
  [/\bunderstand\(|\bReaders\b|\brestoredReaders\b/, 'parseBatch, ParserState'],
  [/\bFeeder\b|\btakeIn\b|\bTakeInOptions\b/, 'Ingestor, ingestLoop'],
  [/\bnew Watched\b|\bWatched\b(?= [},|])/, 'SubjectScorer'],
  [/\bRoom\b|\bopenRoom\b/, 'EngineSession'],
  [/\bEngineSide\b/, 'EngineSupervisor'],
  [
    /\b(?:Met|FirstSight|sightOf|Course|ForeignArchive|refuseForeign|metOf|metAt)\b/,
    'FileIdentity, InitialState, FollowState',
  ],
  [/\b[Pp]robation\b|\bPROBATION\b/, 'canary'],
  [/\b(?:anchored|moveAnchor|returnToAnchor)\b|\bnew Anchor\b/, 'reference model, DriftCheck'],
  [/\b(?:linesNow|standingLines|linesAt|JudgeOptions)\b/, 'thresholds'],
  [/\b[Ll]esson(?:Of|At)?\b/, 'training set'],
  [/#heed(?:ed)?\b|[:<,{] Said\b|\bSaid\[|\bSaidList\b/, 'apply feedback, GivenFeedback'],
  [/\bexcus(?:e|ed|ing)\b|\bisExcused\b/, 'suppress'],
  [/\.looked\(|'looked'/, 'acknowledge'],
  [/\bnew Quiet\b|\bQuiet(?:State|Options)\b|\bquietChanged\b/, 'DoNotDisturb'],
  [/\bnew Patience\b|: Patience\b|\bWaiter\b/, 'RetryPolicy, ChangeWatcher'],
  [/\bonTrouble\b|\bhindrance\b|\bhindranceIn\b/, 'problem, cause'],
  [/\b[Ss]trangeness\b/, 'anomaly score'],
  [/\banew\b/, 'again'],
  [/\bStrangeAction\b/, 'AnomalousAction'],
  [/\b[sS]core[sd]?\??\.strange(?:st)?\b|\bstrange: (?:true|false|boolean)\b/, 'anomalous'],
  [/\bso many\b/i, 'this many, that many'],
  [/\btrouble[ds]?\b/i, 'problem, error'],
  [
    /\b(?:model|profile|detector)s? (?:wakes?|woke|sleeps?)\b|\bwoken (?:model|profile|detector)|contract\/noted/,
    'load, unload',
  ],
  [/\bsaid = [\w.#]*\.feedback\b|\bsaid: Feedback\b/, 'given feedback'],
];

/** Old versions of the database are read under their old names. */
const kept: Readonly<Record<string, RegExp>> = {
  'src-main/engine/store/schema.ts': /probation/,
  'test/engine/store/forget.test.ts': /probation/,
};

it.each(gone)('%s is gone: the term is %s', (old) => {
  const found = files.flatMap((path) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .flatMap((line, at) => (old.test(line) && !kept[path]?.test(line) ? [`${path}:${at + 1}: ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});

it('no file of the program is named by such a word', () => {
  const names =
    /^(?:probation|anchor|anchored|lesson|understand|feeder|take-in|patience|waiter|first-sight|foreign|noted|notices|alarms|quiet|room|engine-side|watched|who|said)\.ts$/;
  expect(files.filter((path) => path.startsWith('src-main/') && names.test(basename(path)))).toEqual([]);
});
