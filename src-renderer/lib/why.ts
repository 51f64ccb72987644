/** A sentence for whatever a question failed with. */
export const whyOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
