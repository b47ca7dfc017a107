/** The basic types of cross-org paging and their rules. Imports nothing and does no I/O. */
export * from './alert.ts';
export * from './clock.ts';
export * from './data-center.ts';
export * from './dead-letter.ts';
export * from './directory.ts';
export * from './handle.ts';
export * from './integration.ts';
export * from './log.ts';
export * from './permission.ts';
export * from './reasons.ts';
export * from './slug.ts';
export * from './text.ts';
export * from './urgency.ts';
