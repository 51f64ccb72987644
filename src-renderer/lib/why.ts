import { seenText } from './hostile.ts';

/** A sentence for whatever a question failed with. It may quote a log or a file. */
export const whyOf = (error: unknown): string => seenText(error instanceof Error ? error.message : String(error));
