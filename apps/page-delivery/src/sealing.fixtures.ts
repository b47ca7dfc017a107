import type { Connection } from '@pagebridge/contracts';
import { generateSealingKey, parseSealingKey, seal } from '@pagebridge/sealed-credentials';
import { aConnection } from '@pagebridge/testing';

/** Creates a sealing key: seals credentials with it, and has the private keys for an instance. */
export async function sealing() {
  const pair = await generateSealingKey();
  const publicKey = await parseSealingKey(JSON.stringify(pair.publicKey));
  return {
    privateKeys: JSON.stringify({ keys: [pair.privateKey] }),
    sealed: async (its: Partial<Connection>, applicationKey: string): Promise<Connection> => {
      const connection = aConnection(its);
      const sealedText = await seal(publicKey, connection, { apiKey: 'a'.repeat(32), applicationKey });
      return { ...connection, credential: { ...connection.credential, sealed: sealedText } };
    },
  };
}
