/** An org is named by a lower-case slug of 1 to 63 characters, as in `acme-us`. */
export const orgIdPattern = '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$';
