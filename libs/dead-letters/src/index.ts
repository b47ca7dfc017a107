/** Dead letters: what they are, what a replay of them does now, and the replay. */
export { commandFor } from './command-for.ts';
export { type Bus, KafkaBus, type Refused } from './kafka-bus.ts';
export type { BatchContents } from './letters/batch.ts';
export {
  deadLetterSources,
  inOrder,
  type Label,
  type Letter,
  letterOf,
  readLabels,
  replayableTopics,
} from './letters/letter.ts';
export { letterAsJson } from './letters/letter-as-json.ts';
export { isoOf, type StoredRecord } from './letters/record.ts';
export { isSelected, type Selection } from './letters/selection.ts';
export { skipReasons } from './plan/forecast.ts';
export type { Planned } from './plan/plan.ts';
export type { ReplayRecord } from './plan/replay-record.ts';
export { preview, TooManyLetters } from './preview.ts';
export { type Sender, send } from './send.ts';
export { plannedAsJson, whatOf, whyOf } from './words.ts';
