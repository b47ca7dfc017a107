/** Dead letters: what they are, what a replay of them does now, and the replay. */
export { type Bus, KafkaBus, type Refused } from './kafka-bus.ts';
export type { BatchContents } from './letters/batch.ts';
export { deadLetterSources, inOrder, type Letter, letterOf, readLabels, replayableTopics } from './letters/letter.ts';
export { letterAsJson } from './letters/letter-as-json.ts';
export { isoOf, type StoredRecord } from './letters/record.ts';
export { isSelected, type Selection } from './letters/selection.ts';
export type { Planned } from './plan/plan.ts';
export type { ReplayRecord } from './plan/replay-record.ts';
export { type PreviewOptions, preview, TooManyLetters } from './preview.ts';
export { type At, send } from './send.ts';
export { plannedAsJson, whatOf, whyOf } from './words.ts';
