import { exitCodes as shared } from '@pagebridge/programs';

export const exitCodes = { ...shared, notFound: 3, unavailable: 5 } as const;
