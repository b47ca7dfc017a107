import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import type { Request } from 'express';
import { type FieldError, Problem } from '../problems/problem.ts';
import { serviceProblems } from '../problems/service-problems.ts';

/** Returns the pipe that validates DTOs: it refuses unknown fields, and each error names its field and cure. */
export const validation = (): ValidationPipe =>
  new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    // One error for each field, even if the field breaks several rules.
    stopAtFirstError: true,
    transform: true,
    // `value` only shows whether the field is missing. Neither is put into an answer, since it may hold a credential.
    validationError: { target: false, value: true },
    exceptionFactory: (errors) => invalid(errors.flatMap((error) => fieldErrors(error))),
  });

export const invalid = (errors: readonly FieldError[]): Problem => {
  const detail = errors.map((error) => error.message).join('; ');
  return new Problem({ ...serviceProblems['invalid-request'], detail, errors });
};

function fieldErrors(error: ValidationError, parent = ''): FieldError[] {
  const field = parent ? `${parent}.${error.property}` : error.property;
  const own = Object.entries(error.constraints ?? {}).map(([constraint, message]) => {
    const cure = constraint === 'whitelistValidation' ? `Remove ${field}.` : cureOf(error, constraint);
    const text =
      constraint === 'whitelistValidation'
        ? `${field} is not a known field`
        : error.value === undefined
          ? `${field} is missing; ${message}`
          : message;
    return { field, message: text, ...(cure ? { cure } : {}) };
  });
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, field))];
}

// Decorators declare their cure as `{ context: { cure: '…' } }`.
const cureOf = (error: ValidationError, constraint: string): string | undefined =>
  (error.contexts?.[constraint] as { cure?: string } | undefined)?.cure;

/** Refuses a body with another content type than JSON: the parser would skip it, and every field would seem to be missing. */
export function requireJson(request: Request): void {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (!hasBody || request.is(['application/json', 'application/*+json'])) return;
  throw new Problem({
    ...serviceProblems['unsupported-media-type'],
    detail: `This API accepts JSON, not ${request.headers['content-type'] ?? 'a body without content-type'}.`,
    errors: [
      { field: 'content-type', message: 'must be application/json', cure: 'Send content-type: application/json.' },
    ],
  });
}
