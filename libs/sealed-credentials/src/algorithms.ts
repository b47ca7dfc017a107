/** The one pair of algorithms written and accepted: a blob cannot choose a weaker one. */
export const keyManagement = 'ECDH-ES+A256KW';
export const contentEncryption = 'A256GCM';
