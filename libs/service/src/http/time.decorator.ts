import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsDate, IsOptional } from 'class-validator';

// A bounded year: a database refuses others, and no offset leads out of its bounds.
const rfc3339 = /^2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** Declares and validates a query parameter that is a time; the handler receives a Date. */
export const Time = (description: string, cure = ''): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ type: String, format: 'date-time', description, example: '2026-11-26T12:00:00Z' }),
    IsOptional(),
    Transform(({ value }) => (typeof value === 'string' && rfc3339.test(value) ? new Date(value) : value)),
    IsDate({
      message: '$property must be an RFC 3339 time since the year 2000',
      context: { cure: `Use a time such as 2026-11-26T12:00:00Z${cure}.` },
    }),
  );
