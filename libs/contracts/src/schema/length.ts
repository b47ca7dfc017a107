import { _, type CodeKeywordDefinition, type KeywordErrorDefinition } from 'ajv';

const error: KeywordErrorDefinition = {
  message: 'must have another length',
  params: ({ schemaCode }) => _`{limit: ${schemaCode}}`,
};

const charactersIn = (text: string): number => [...text].length;

/**
 * `maxLength` and `minLength` in characters, as JSON Schema has them.
 *
 * Ajv counts the characters of every string. A string has at most as many as UTF-16 units, and at least half as many: they
 * need to be counted only in between.
 */
export const lengthKeywords: CodeKeywordDefinition = {
  keyword: ['maxLength', 'minLength'],
  // A text of a million characters is not searched by an expression.
  before: 'pattern',
  type: 'string',
  schemaType: 'number',
  error,
  code(context) {
    const { gen, keyword, data, schema: limit } = context;
    const count = gen.scopeValue('func', { ref: charactersIn });
    if (keyword === 'maxLength') context.fail(_`${data}.length > ${limit} && ${count}(${data}) > ${limit}`);
    else context.fail(_`${data}.length < ${2 * limit} && ${count}(${data}) < ${limit}`);
  },
};
