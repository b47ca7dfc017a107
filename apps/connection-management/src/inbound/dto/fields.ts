/** The field types that answers are made of, as OpenAPI names them. */
export const text = { type: String } as const;
export const time = { type: String, format: 'date-time' } as const;
export const count = { type: 'integer', minimum: 0 } as const;
export const next = {
  type: String,
  nullable: true,
  description: 'Path of the next page; null on the last one.',
} as const;
