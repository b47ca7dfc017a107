/** A response: `body` is sent as JSON unless it is a string; undefined sends no body. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const json = 'application/json';
export const jsonApi = 'application/vnd.api+json';

export const ok = (body: unknown, contentType = json): Answer => ({ status: 200, body, contentType });

/** Returns an error in the older shape. */
export const textErrors = (status: number, ...errors: string[]): Answer => ({
  status,
  body: { errors },
  contentType: json,
});

/** Returns an error in the newer shape, of On-Call and others. */
export const objectError = (status: number, title: string, detail: string): Answer => ({
  status,
  body: { errors: [{ status: String(status), title, detail }] },
  contentType: jsonApi,
});

export const unknownRoute = textErrors(404, 'Not found');
export const unauthorized = textErrors(401, 'Unauthorized');
export const forbidden = textErrors(403, 'Forbidden');
export const missingPermission = textErrors(403, 'Forbidden', 'Failed permission authorization checks');

export const notAUuid = (parameter: string): Answer =>
  objectError(400, 'Invalid Parameter', `invalid parameter "${parameter}" in "path"; expected type "uuid"`);

export const badQuery = (parameter: string, expected: string): Answer =>
  objectError(400, 'Invalid Parameter', `invalid parameter "${parameter}" in "query"; expected ${expected}`);

/** Returns On-Call's answer for an unknown object. */
export const noSuch = (what: string, id: string): Answer => ({
  status: 404,
  body: { errors: [{ title: 'Generic Error', detail: `${what}[${id}] not found` }] },
  contentType: jsonApi,
});
