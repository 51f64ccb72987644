export function electronProgram(root: string, environment: NodeJS.ProcessEnv): string | undefined;
export function canShowWindows(environment: NodeJS.ProcessEnv, uid: number | undefined): boolean;
