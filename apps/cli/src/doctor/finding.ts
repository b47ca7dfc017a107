export type State = 'ok' | 'warning' | 'fault';

/** The result of one check. A fault loses or delays pages; a warning may become one. */
export interface Finding {
  readonly check: string;
  readonly state: State;
  readonly detail: string;
  /** Empty if all is well. */
  readonly cure: string;
}

const findingOf =
  (state: State) =>
  (check: string, detail: string, cure: string): Finding => ({ check, state, detail, cure });

export const ok = (check: string, detail: string): Finding => findingOf('ok')(check, detail, '');
export const warning = findingOf('warning');
export const fault = findingOf('fault');
