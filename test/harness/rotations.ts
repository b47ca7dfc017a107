import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  caFile,
  call,
  type Destination,
  type Driver,
  issueCertificate,
  javaPath,
  kafkaJars,
  keystoreOf,
  passwordFile,
  passwordIn,
  root,
  type ServiceName,
  type Stack,
  sealingKeys,
  secureFolder,
} from '@pagebridge/local-stack';
import { generateSealingKey } from '@pagebridge/sealed-credentials';

/** Rotates the logins and keys of a secure stack's services one after the other, as the runbooks prescribe. */
export class Rotations {
  constructor(
    private readonly stack: Stack,
    private readonly driver: Driver,
    /** The token of an operator. */
    private readonly token: string,
  ) {}

  /** Replaces the files of key and certificate, which the service reads for its next connection. */
  clientCertificate(service: ServiceName): Promise<void> {
    return issueCertificate(secureFolder(this.stack.folder), service);
  }

  /** Sets a new SCRAM password: first in the broker, which has one for each user, then at once in the file of the service. */
  async password(service: ServiceName): Promise<void> {
    const password = randomBytes(24).toString('base64url');
    const home = secureFolder(this.stack.folder);
    const added = join(home.path, 'new-password.properties');
    writeFileSync(added, `SCRAM-SHA-512=password=${password}\n`, { mode: 0o600 });
    const admin = join(home.path, 'admin.properties');
    writeFileSync(admin, this.#adminProperties(), { mode: 0o600 });
    await this.stack.processes.run({
      name: 'kafka-configs',
      command: javaPath() ?? 'java',
      args: [
        ...['-cp', `${await kafkaJars(this.stack.processes)}/*`, 'kafka.admin.ConfigCommand'],
        ...['--bootstrap-server', this.driver.info.brokers, '--command-config', admin],
        ...['--alter', '--entity-type', 'users', '--entity-name', service, '--add-config-file', added],
      ],
    });
    writeFileSync(passwordFile(home, 'kafka', service), password);
  }

  /** Sets a new application key: first in the destination, then in the connection. */
  async credential(sourceOrg: string, connectionId: string, destination: Destination): Promise<void> {
    const { controlUrl, apiKey } = destination;
    const newKey = { name: `for-${sourceOrg}`, owner: 'paging-service' };
    const { body } = await call<{ key: string }>('POST', `${controlUrl}/application-keys`, newKey);
    const url = `${this.driver.info.services.connectionManagement}/v1/source-orgs/${sourceOrg}/connections/${connectionId}`;
    const put = { apiKey, applicationKey: body.key };
    const { status, body: said } = await this.driver.call('PUT', `${url}/credentials`, put, { 'if-match': '*' });
    if (status !== 200) throw new Error(`the credential is not rotated: ${JSON.stringify(said)}`);
  }

  /** Revokes the first application key of connections to the destination. */
  async revokeFirstKey({ controlUrl }: Destination): Promise<void> {
    const { status } = await call('DELETE', `${controlUrl}/application-keys/good`);
    if (status !== 204) throw new Error(`the first key is not revoked: ${status}`);
  }

  /** Rotates the sealing key: both rings get the new private key, the public key is switched, reseal runs, the old key is removed. */
  async sealingKey(): Promise<void> {
    const files = await sealingKeys(this.stack.folder);
    const { publicKey, privateKey } = await generateSealingKey();
    const { keys } = JSON.parse(readFileSync(files.privateKeys, 'utf8')) as { keys: object[] };
    writeFileSync(files.privateKeys, JSON.stringify({ keys: [...keys, privateKey] }));
    await this.restart('handle-sync', 'page-delivery');
    writeFileSync(files.publicKey, JSON.stringify(publicKey));
    await this.restart('connection-management');
    const { brokers, logins, services } = this.driver.info;
    await this.stack.processes.run({
      name: 'reseal',
      command: process.execPath,
      args: [join(root, 'apps/cli/dist/main.js'), 'reseal'],
      env: {
        ...logins?.reseal,
        PAGEBRIDGE_CONTEXT: 'environment',
        KAFKA_BROKERS: brokers,
        CONNECTION_MANAGEMENT_URL: services.connectionManagement,
        PAGEBRIDGE_TOKEN: this.token,
        CREDENTIALS_PRIVATE_KEYS_FILE: files.privateKeys,
        CREDENTIALS_PUBLIC_KEY_FILE: files.publicKey,
      },
    });
    writeFileSync(files.privateKeys, JSON.stringify({ keys: [privateKey] }));
    await this.restart('handle-sync', 'page-delivery');
  }

  /** Restarts services, so that they read their login files. */
  async restart(...services: readonly ServiceName[]): Promise<void> {
    await Promise.all(
      services.map(async (name) => {
        await this.stack.service(name).stop();
        await this.stack.startService(name);
      }),
    );
  }

  #adminProperties(): string {
    const home = secureFolder(this.stack.folder);
    const module = 'org.apache.kafka.common.security.scram.ScramLoginModule';
    const password = passwordIn(passwordFile(home, 'kafka', 'admin'));
    const lines = [
      'security.protocol=SASL_SSL',
      'sasl.mechanism=SCRAM-SHA-512',
      `sasl.jaas.config=${module} required username="admin" password="${password}";`,
      'ssl.truststore.type=PEM',
      `ssl.truststore.location=${caFile(home)}`,
      'ssl.keystore.type=PEM',
      `ssl.keystore.location=${keystoreOf(home, 'admin')}`,
    ];
    return `${lines.join('\n')}\n`;
  }
}
