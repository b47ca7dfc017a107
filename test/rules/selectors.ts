/** What a selector of PromQL asks of the labels of a metric. */
export interface Selector {
  readonly metric: string;
  readonly labels: Readonly<Record<string, readonly string[]>>;
}

/** Returns the selectors in a text, such as `up{job="a"}`, with the values of each label; `a|b` in a pattern are two. */
export function selectorsIn(text: string): readonly Selector[] {
  return [...text.matchAll(/\b([a-z_]+)\{([^}]*)\}/g)].map(([, metric = '', matchers = '']) => ({
    metric,
    labels: Object.fromEntries(
      [...matchers.matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)].map(([, label, operator = '', value = '']) => [
        label,
        operator.endsWith('~') ? alternativesOf(value) : [value],
      ]),
    ),
  }));
}

/** Splits a pattern at the `|` that are not within parentheses. */
const alternativesOf = (pattern: string): readonly string[] =>
  pattern.match(/(?:\((?:[^()]|\([^()]*\))*\)|[^|()])+/g) ?? [];
