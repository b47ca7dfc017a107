import { headerText } from '@pagebridge/contracts';
import { cureOfLetter } from '@pagebridge/vocabulary';
import { batchOf, describeBatch } from './batch.ts';
import type { Letter } from './letter.ts';
import { isoOf } from './record.ts';
import { describeStub, stubOf } from './stub.ts';

/** Returns a dead letter as JSON, with `valueBase64` instead of `value` if the bytes are not UTF-8. */
export function letterAsJson(letter: Letter) {
  const { record, name, topic, key, reason, detail, failedAt, origin } = letter;
  const { value } = record;
  const headers = Object.keys(record.headers).map((header) => [header, headerText(record, header) ?? '']);
  const [stub, batch] = [stubOf(record, letter), batchOf(reason, record)];
  const holds = batch ? describeBatch(batch) : stub && describeStub(stub);
  const text = value?.toString('utf8');
  const isText = value === null || Buffer.from(text ?? '').equals(value);
  return {
    ...{ name, topic, key, reason, detail, cure: cureOfLetter(reason), failedAt: isoOf(failedAt), origin },
    headers: Object.fromEntries(headers),
    ...(holds ? { holds } : {}),
    ...(stub ? { original: stub.command } : {}),
    ...(isText ? { value: readable(text) } : { valueBase64: value.toString('base64') }),
  };
}

function readable(text: string | undefined): unknown {
  try {
    return text === undefined ? null : JSON.parse(text);
  } catch {
    // The text is shown as is; the detail of the dead letter explains why it is not JSON.
    return text;
  }
}
