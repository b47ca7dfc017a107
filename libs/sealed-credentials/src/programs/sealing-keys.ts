import { exitCodeOf, exitCodes, optionsOf } from '@pagebridge/programs';
import { generateSealingKey } from '../sealing-key.ts';

const help = `sealing-keys: generates a key pair for sealing credentials, and prints it

JSON: publicKey is for connection-management (CREDENTIALS_PUBLIC_KEY), privateKeys for handle-sync and page-delivery
(CREDENTIALS_PRIVATE_KEYS). Keep the private key safe: without it every credential has to be entered again.
`;

process.exitCode = await exitCodeOf(async (line) => {
  const { publicKey, privateKey } = await generateSealingKey();
  const pair = `${JSON.stringify({ publicKey, privateKeys: { keys: [privateKey] } }, null, 2)}\n`;
  process.stdout.write(optionsOf(line, {}) ? pair : help);
  return exitCodes.done;
});
