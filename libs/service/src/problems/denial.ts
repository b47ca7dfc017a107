import { Problem } from './problem.ts';

/** A problem because of the caller's permissions or limits: answered like any other problem, and also recorded in the audit. */
export class Denial extends Problem {}
