import { exitCodes, runProgram } from '@pagebridge/programs';
import { generateSealingKey } from '../sealing-key.ts';

const help = `sealing-keys: generate and print a key pair for sealing credentials

The output is JSON: publicKey is for connection-management (CREDENTIALS_PUBLIC_KEY), privateKeys is for handle-sync and
page-delivery (CREDENTIALS_PRIVATE_KEYS). Keep the private key safe: if it is lost, all credentials must be entered again.
`;

await runProgram(help, {}, async () => {
  const { publicKey, privateKey } = await generateSealingKey();
  process.stdout.write(`${JSON.stringify({ publicKey, privateKeys: { keys: [privateKey] } }, null, 2)}\n`);
  return exitCodes.done;
});
