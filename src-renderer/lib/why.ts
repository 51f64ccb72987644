import { saidIn } from '../../src-main/contract/story/messages.ts';
import { seenText } from './hostile.ts';
import { words } from './words.svelte.ts';

/** A sentence for whatever a question failed with. It may quote a log or a file. */
export const whyOf = (error: unknown): string =>
  seenText(saidIn(error instanceof Error ? error.message : String(error), words.language));
