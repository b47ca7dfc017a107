/** The only algorithms that are written and accepted, so that a sealed credential cannot select weaker ones. */
export const keyManagement = 'ECDH-ES+A256KW';
export const contentEncryption = 'A256GCM';
