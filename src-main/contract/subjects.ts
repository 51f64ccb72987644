/** Whether a subject is a machine: what no person did is the host's (engine/reading/subject-resolver.ts). */
export const isMachine = (name: string): boolean => name.startsWith('host:');

/** The subject that a machine is. */
export const machineOf = (host: string): string => `host:${host}`;
