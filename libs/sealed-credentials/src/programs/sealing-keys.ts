import { exitCodes, runProgram } from '@pagebridge/programs';
import { generateSealingKey } from '../sealing-key.ts';

const help = `sealing-keys: generates a key pair for sealing credentials, and prints it

JSON: publicKey is for connection-management (CREDENTIALS_PUBLIC_KEY), privateKeys for handle-sync and page-delivery
(CREDENTIALS_PRIVATE_KEYS). Keep the private key safe: without it every credential has to be entered again.
`;

await runProgram(help, {}, async () => {
  const { publicKey, privateKey } = await generateSealingKey();
  process.stdout.write(`${JSON.stringify({ publicKey, privateKeys: { keys: [privateKey] } }, null, 2)}\n`);
  return exitCodes.done;
});
