import { t } from '../words.svelte.ts';
import { fleet } from './fleet.svelte.ts';

export type FleetVerdict = 'normal' | 'suspicious' | 'none';

/** Says it of all of these alerts. @returns what to tell of that @throws AskFailed */
export const answerAll = async (alerts: readonly string[], verdict: FleetVerdict): Promise<string> =>
  t('fleet.answer.sent', { n: await fleet.answer({ alerts: [...alerts], verdict }) });

/** @param person null: nobody's any more @returns what to tell of that @throws AskFailed */
export async function giveAll(alerts: readonly string[], person: string | null): Promise<string> {
  await fleet.assign({ alerts: [...alerts], person });
  return t('fleet.assign.done', { n: alerts.length, person: person ?? t('fleet.inbox.nobody') });
}
