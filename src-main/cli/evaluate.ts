import type { LogForm } from '../line-forms/original-csv.ts';
import { labelled, type Labelled } from './evaluate/attack-labels.ts';
import { evaluateByAttack } from './evaluate/by-attack.ts';
import { evaluateByUnit, sayByUnit } from './evaluate/by-unit.ts';
import { sayByAttack } from './evaluate/say-attacks.ts';
import { createScores } from './evaluate/scores-file.ts';
import type { EvaluateHow, LabelledLogs } from './evaluate/sets.ts';
import { exitCodes, Failure } from './failure.ts';
import { sayJson } from './output.ts';
import { engineOptions, settingsOf, type Shared } from './setup.ts';

export interface EvaluateOptions extends Shared {
  readonly train: string[];
  readonly test: string[];
  readonly labels: string[];
  readonly form?: LogForm;
  readonly labelsOf?: Labelled;
  /** A new file for what was scored. */
  readonly scores?: string;
  readonly learn?: boolean;
  readonly collapse?: boolean;
  readonly json?: boolean;
  /** `original`: judge by the original project's two methods too. */
  readonly baseline?: string;
}

/** `ubad evaluate`: trains on logs, judges labelled ones, and tells how well strangers were told from users. */
export async function evaluate(options: EvaluateOptions): Promise<void> {
  const logs = setsOf(options);
  const byAttack = areOfAttacks(options);
  const config = settingsOf(options);
  const engine = await engineOptions(config, options.subject ?? 'user');
  const scores = options.scores === undefined ? undefined : createScores(options.scores);
  const how: EvaluateHow = {
    learn: options.learn ?? true,
    original: options.baseline === 'original',
    collapse: options.collapse ?? false,
    seed: config.seed,
    form: options.form,
    parameters: config.original,
    labelled: options.labelsOf ?? labelled[0],
    keep: (stretches) => scores?.add(stretches),
  };
  try {
    if (byAttack) {
      const found = await evaluateByAttack(logs, engine, how);
      if (options.json) sayJson(found);
      else sayByAttack(found);
    } else {
      const summary = await evaluateByUnit(logs, engine, how);
      if (options.json) sayJson(summary);
      else sayByUnit(summary);
    }
  } catch (error) {
    scores?.discard();
    throw error;
  }
  scores?.close();
}

function setsOf({ train, test, labels }: EvaluateOptions): LabelledLogs[] {
  if (train.length !== test.length || train.length !== labels.length) {
    throw new Failure(
      'give as many --train as --test as --labels; the first of each belong together.',
      exitCodes.usage,
    );
  }
  return train.map((log, set) => ({ train: log, test: test[set]!, labels: labels[set]! }));
}

/** Whether the labels are of attacks, instead of units. @throws Failure where only some are */
function areOfAttacks({ labels, labelsOf, form }: EvaluateOptions): boolean {
  const ofAttacks = labels.filter((file) => file.endsWith('.jsonl')).length;
  if (ofAttacks > 0 && ofAttacks < labels.length) {
    throw new Failure('give --labels of one form: all .jsonl, of attacks, or none, of units in CSV.', exitCodes.usage);
  }
  if (ofAttacks > 0 && form === 'original-csv') {
    throw new Failure(
      '--form original-csv: its rows have no time and no user; give --labels of lines, in CSV.',
      exitCodes.usage,
    );
  }
  if (ofAttacks === 0 && labelsOf === 'both') {
    throw new Failure('--labels-of both: labels in CSV count the lines of the test log.', exitCodes.usage);
  }
  return ofAttacks > 0;
}
