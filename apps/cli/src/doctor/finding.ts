import type { Shape } from '../output/output.ts';

export type State = 'ok' | 'warning' | 'fault';

/** The result of one check. A fault loses or delays pages; a warning may become one. */
export interface Finding {
  readonly check: string;
  readonly state: State;
  readonly detail: string;
  /** Empty if all is well. */
  readonly cure: string;
}

export const ok = (check: string, detail: string): Finding => ({ check, state: 'ok', detail, cure: '' });
export const warning = (check: string, detail: string, cure: string): Finding => ({
  check,
  state: 'warning',
  detail,
  cure,
});
export const fault = (check: string, detail: string, cure: string): Finding => ({
  check,
  state: 'fault',
  detail,
  cure,
});

export const shape: Shape<Finding> = {
  columns: [
    { title: 'CHECK', of: ({ check }) => check },
    { title: 'STATE', of: ({ state }) => state },
    { title: 'DETAIL', of: ({ detail }) => detail },
    { title: 'CURE', of: ({ cure }) => cure },
  ],
  nameOf: ({ check }) => check,
};
