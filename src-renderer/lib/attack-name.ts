import { named } from './words.svelte.ts';

/** What an attack of the example is called. @param id "miner-loud" */
export const attackName = (id: string): string => named(`attack.${id.replace(/-(loud|stealthy)$/, '')}`, id);
