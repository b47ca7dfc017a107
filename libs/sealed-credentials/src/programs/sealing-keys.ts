import { readFileSync } from 'node:fs';
import { exitCodes, orUsage, runProgram } from '@pagebridge/process';
import { KeyRing } from '../key-ring.ts';
import { generateSealingKey } from '../sealing-key.ts';

const help = `sealing-keys: generate and print a key pair for sealing credentials

The output is JSON: publicKey is for connection-management (CREDENTIALS_PUBLIC_KEY), privateKeys is for handle-sync and
page-delivery (CREDENTIALS_PRIVATE_KEYS). Keep the private key safe: if it is lost, all credentials must be entered again.

  --add-to FILE  a key ring (JWKS): privateKeys has its keys and the new one, to rotate the keys. FILE does not change
`;

await runProgram(help, { 'add-to': { type: 'string' } }, async ({ 'add-to': file }) => {
  const previous = file === undefined ? [] : ringIn(file);
  const { publicKey, privateKey } = await generateSealingKey();
  const keys = [...previous, privateKey];
  process.stdout.write(`${JSON.stringify({ publicKey, privateKeys: { keys } }, null, 2)}\n`);
  return exitCodes.done;
});

function ringIn(file: string): readonly object[] {
  return orUsage(
    () => {
      const text = readFileSync(file, 'utf8');
      KeyRing.parse(text);
      return (JSON.parse(text) as { keys: object[] }).keys;
    },
    ({ message }) => `--add-to ${file}: ${message}`,
  );
}
