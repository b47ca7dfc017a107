/** The words of cross-org paging and the rules that belong to them. Imports nothing; does no I/O and knows no event. */
export * from './alert.ts';
export * from './clock.ts';
export * from './data-center.ts';
export * from './dead-letter.ts';
export * from './directory.ts';
export * from './handle.ts';
export * from './log.ts';
export * from './org-id.ts';
export * from './permission.ts';
export * from './urgency.ts';
