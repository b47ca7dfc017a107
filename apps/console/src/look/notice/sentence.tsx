import { Time } from '../time/time.tsx';

const utc = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/** A sentence of a service, with the times in it in the zone of the person. */
export const Sentence = ({ text }: { readonly text: string }) =>
  text.split(utc).map((part, at) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: a time may stand twice in a sentence
    utc.test(part) ? <Time key={at} at={part} /> : part,
  );
