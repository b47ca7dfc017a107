import { exitCodes as common } from '@pagebridge/programs';

/** The exit codes of all commands. */
export const exitCodes = { ...common, notFound: 3, unavailable: 5 } as const;
