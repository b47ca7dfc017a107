import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

/** Declares and validates the query parameter `limit` of a list. */
export function Limit({ most, preset }: { readonly most: number; readonly preset: number }): PropertyDecorator {
  const rule = {
    message: `$property must be a whole number from 1 to ${most}`,
    context: { cure: `Use a number in this range, or omit the parameter for ${preset}.` },
  };
  return applyDecorators(
    ApiPropertyOptional({
      type: 'integer',
      minimum: 1,
      maximum: most,
      default: preset,
      description: 'Maximum number of items to return.',
    }),
    IsOptional(),
    Type(() => Number),
    IsInt(rule),
    Min(1, rule),
    Max(most, rule),
  );
}
