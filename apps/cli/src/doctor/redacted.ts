const label = String.raw`(?:password|passwd|secret|token|api[_-]?key|application[_-]?key|authorization)\\*["']?\s*[:=]\s*`;

const shapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[redacted]'],
  // Users and passwords in URLs; in a password, @ and / may stand as they are.
  [/(\w:\/\/)[^\s"'<>/@:]*(?::[^\s"'<>]*)?@/g, '$1[redacted]@'],
  // Tokens and sealed credentials (JWT, JWE), API tokens, and keys of Datadog, which are 32 or 40 hexadecimal digits.
  [/\beyJ[\w-]{8,}(?:\.[\w-]*){1,4}/g, '[redacted]'],
  [/\b(?:pbt_|ddapp_|ddapi_)\w{8,}/g, '[redacted]'],
  [/\b(?:[0-9a-f]{32}|[0-9a-f]{40})\b/gi, '[redacted]'],
  // To the same quotes, which are escaped in JSON within JSON; without quotes to the end of the line or of a JSON text.
  [new RegExp(String.raw`(${label}(\\*["']))[\s\S]*?(?:(?<!\\)\2|$)`, 'gi'), '$1[redacted]$2'],
  [new RegExp(String.raw`(${label})(?!\s|\\*["']|\[redacted)(?:(?!\\[rn"])[^\r\n"])+`, 'gi'), '$1[redacted]'],
];

/** The variables whose values are secret, or may contain something that is. */
const isSecret = (name: string): boolean =>
  /PASS|SECRET|TOKEN|KEY|CREDENTIAL|DATABASE_URL|PROXY/i.test(name) && !/_(FILE|URI)$/.test(name);

/** Returns a function that replaces what is secret in a text: the values of secret variables, and what has the form of a secret. */
export function redactedBy(env: NodeJS.ProcessEnv): (text: string) => string {
  const values = Object.entries(env).flatMap(([name, value = '']) =>
    isSecret(name) && value.length >= 4 ? value : [],
  );
  // In JSON they are escaped.
  const escaped = values.map((value) => JSON.stringify(value).slice(1, -1));
  const known = [...values, ...escaped].toSorted((a, b) => b.length - a.length);
  return (text) => {
    const without = known.reduce((left, value) => left.replaceAll(value, '[redacted]'), text);
    return shapes.reduce((left, [shape, by]) => left.replace(shape, by), without);
  };
}

/** Returns the variables that configure this command; of the secret ones only that they are set. */
export const configurationIn = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env)
      .filter(([name]) => /^(KAFKA|PAGEBRIDGE|DATA_CENTERS|HTTPS?_PROXY|NO_PROXY)/i.test(name))
      .map(([name, value = '']) => [name, isSecret(name) ? '[set]' : value]),
  );
