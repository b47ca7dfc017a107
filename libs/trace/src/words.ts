/** What browsers need of a trace that they have got: its words, without the code that reads records. */
export { answerOf, duration } from './answer.ts';
export type { Hop } from './hop.ts';
export { type PackedTrace, unpacked } from './packed.ts';
export { textOfTrace, wordsOfHops } from './text.ts';
export type { Trace } from './trace.ts';
export type { JudgedEvent, JudgedHandle } from './verdict.ts';
