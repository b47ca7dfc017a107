/** What browsers need of a trace that they have got: its words, without the code that reads records. */
export { type Answer, type AnswerKind, answerOf, duration, isSettled } from './answer.ts';
export type { Hop } from './hop.ts';
export { type PackedTrace, unpacked } from './packed.ts';
export { type PageStory, pagesIn } from './story.ts';
export { textOfTrace, wordsOfHops } from './text.ts';
export type { Trace } from './trace.ts';
export type { JudgedEvent, JudgedHandle, Verdict } from './verdict.ts';
