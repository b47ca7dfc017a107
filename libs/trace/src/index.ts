/** What became of an alert: decodes the records about it, orders them, and answers whom it paged and why. Does no I/O. */
export { type Answer, clockFor, duration } from './answer.ts';
export type { Lag } from './cause.ts';
export {
  connectionIdOf,
  type DeadLetter,
  type Hop,
  hopOf,
  type Place,
  timeOfRecord,
} from './hop.ts';
export { type PackedTrace, packed, unpacked } from './packed.ts';
export type { KnownConnection, PageStory, Sources } from './story.ts';
export { textOfTrace, wordsOfHops } from './text.ts';
export { type Trace, traceOf } from './trace.ts';
export type { JudgedEvent, JudgedHandle, Verdict } from './verdict.ts';
