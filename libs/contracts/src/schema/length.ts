import { _, type CodeKeywordDefinition, type KeywordErrorDefinition } from 'ajv';

const error: KeywordErrorDefinition = {
  message: 'must have another length',
  params: ({ schemaCode }) => _`{limit: ${schemaCode}}`,
};

const charactersIn = (text: string): number => [...text].length;

/**
 * The keywords `maxLength` and `minLength` in characters, as JSON Schema defines them.
 *
 * Ajv counts the characters of every string. A string has at least half as many characters as UTF-16 units and at most as many,
 * so they need to be counted only if the limit lies in between.
 */
export const lengthKeywords: CodeKeywordDefinition = {
  keyword: ['maxLength', 'minLength'],
  // Check lengths first, so that no regular expression searches a text of a million characters.
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
