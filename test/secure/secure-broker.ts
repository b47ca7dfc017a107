import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  addAcls,
  type KafkaAcl,
  type KafkaSettings,
  plaintext,
  removeAcls,
  type SecurityVariables,
  securityOf,
} from '@pagebridge/kafka';
import { freePorts, type Processes, type StackFolder, startKafka } from '@pagebridge/local-stack';
import { CertificateAuthority, type CertificateInput } from '@pagebridge/testing';
import type { Acl } from '@pagebridge/topics';

const client = { id: 'pagebridge', secret: 'a secret: with a colon' };
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Gives tokens by client credentials: unsigned, which the broker of the tests takes, and made out to its admin. */
export class TokenServer implements AsyncDisposable {
  asked = 0;
  lifeSeconds = 300;
  isOpen = true;
  isHanging = false;

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      if (this.isHanging) return;
      const authorization = `Basic ${Buffer.from(`${client.id}:${encodeURIComponent(client.secret)}`).toString('base64')}`;
      if (!this.isOpen || request.headers.authorization !== authorization) {
        response.writeHead(401).end(JSON.stringify({ error: 'invalid_client' }));
        return;
      }
      this.asked += 1;
      response.end(JSON.stringify({ access_token: this.token(), expires_in: Math.max(1, this.lifeSeconds) }));
    });
  }

  static async start(): Promise<TokenServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TokenServer(server);
  }

  get variables(): SecurityVariables {
    const { port } = this.server.address() as AddressInfo;
    return {
      KAFKA_SASL_MECHANISM: 'oauthbearer',
      KAFKA_SASL_OAUTH_TOKEN_ENDPOINT: `http://127.0.0.1:${port}/token`,
      KAFKA_SASL_OAUTH_CLIENT_ID: client.id,
      KAFKA_SASL_OAUTH_CLIENT_SECRET: client.secret,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private token(): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = { sub: 'admin', iat: now - 120, exp: now + this.lifeSeconds };
    return `${base64({ alg: 'none' })}.${base64(claims)}.`;
  }
}

/** How long a session lasts: kafkajs logs in again when 10 s of it are left, and the broker takes that once a second. */
export const sessionMs = 11_000;

const nothing = () => undefined;
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** A broker that wants TLS and a login, or a client certificate, and denies whatever no ACL allows. */
export class SecureBroker {
  private constructor(
    private readonly folder: string,
    readonly ca: CertificateAuthority,
    /** In the clear: as the broker itself, which may do everything. */
    readonly plaintext: string,
    /** TLS and SASL. */
    readonly sasl: string,
    /** The same, with a certificate that names another host. */
    readonly misnamed: string,
    /** TLS with client certificates. */
    readonly mtls: string,
  ) {}

  /** With these users; the password of each is its name with `-secret`. */
  static async start(folder: StackFolder, processes: Processes, users: readonly string[]): Promise<SecureBroker> {
    const path = join(folder.path, 'certificates');
    mkdirSync(path, { recursive: true });
    const ca = await CertificateAuthority.create();
    const write = (name: string, text: string) => {
      writeFileSync(join(path, name), text);
      return join(path, name);
    };
    const server = await ca.issue({ name: 'broker', hosts: ['127.0.0.1'] });
    const elsewhere = await ca.issue({ name: 'broker', hosts: ['kafka.example.com'] });
    const trusted = write('ca.pem', ca.cert);
    const stores = (name: string, { cert, key }: { cert: string; key: string }) => ({
      [`listener.name.${name}.ssl.keystore.type`]: 'PEM',
      [`listener.name.${name}.ssl.keystore.location`]: write(`${name}.pem`, `${key}\n${cert}\n`),
      [`listener.name.${name}.ssl.truststore.type`]: 'PEM',
      [`listener.name.${name}.ssl.truststore.location`]: trusted,
    });
    const [sasl = 0, misnamed = 0, mtls = 0] = await freePorts(3);
    const own = { SASL: sasl, MISNAMED: misnamed, MTLS: mtls };
    const listeners = Object.entries(own).map(([name, port]) => `${name}://127.0.0.1:${port}`);
    const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
    const bearer = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required';
    const { brokers } = await startKafka(folder, processes, {
      scramUsers: users.map((user) => `SCRAM-SHA-512=[name=${user},password=${user}-secret]`),
      settings: ({ port, controllerPort }) => ({
        listeners: [`PLAINTEXT://127.0.0.1:${port}`, `CONTROLLER://127.0.0.1:${controllerPort}`, ...listeners].join(),
        'advertised.listeners': [`PLAINTEXT://127.0.0.1:${port}`, ...listeners].join(),
        'listener.security.protocol.map':
          'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_SSL,MISNAMED:SASL_SSL,MTLS:SSL',
        ...stores('sasl', server),
        ...stores('misnamed', elsewhere),
        ...stores('mtls', server),
        'listener.name.mtls.ssl.client.auth': 'required',
        'listener.name.sasl.sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-512,OAUTHBEARER',
        'listener.name.misnamed.sasl.enabled.mechanisms': 'SCRAM-SHA-512',
        'listener.name.sasl.plain.sasl.jaas.config': `${plain} ${users.map((user) => `user_${user}="${user}-secret"`).join(' ')};`,
        ...scram('sasl'),
        ...scram('misnamed'),
        'listener.name.sasl.oauthbearer.sasl.jaas.config': `${bearer} unsecuredLoginStringClaim_sub="broker";`,
        // A session ends after this, and who stays on logs in again before.
        'connections.max.reauth.ms': String(sessionMs),
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users': 'User:ANONYMOUS;User:admin;User:CN=admin',
      }),
    });
    const at = (port: number) => `127.0.0.1:${port}`;
    return new SecureBroker(path, ca, brokers, at(sasl), at(misnamed), at(mtls));
  }

  /** Writes a file and answers its path. */
  file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** The variables of a client certificate, in files of this name. */
  async certificate(input: CertificateInput, ca = this.ca): Promise<SecurityVariables> {
    const { cert, key } = await ca.issue(input);
    return {
      KAFKA_TLS_CERT_FILE: this.file(`${input.name}-cert.pem`, cert),
      KAFKA_TLS_KEY_FILE: this.file(`${input.name}-key.pem`, key),
    };
  }

  /** The variables of a service with these; TLS is on, and it trusts the CA of this broker. */
  variables(own: SecurityVariables): SecurityVariables {
    return { KAFKA_TLS: 'on', KAFKA_TLS_CA_FILE: join(this.folder, 'ca.pem'), ...own };
  }

  /** What a service makes of these variables. */
  settings(broker: string, own: SecurityVariables, clientId = 'secure-spec'): KafkaSettings {
    return { brokers: [broker], clientId, security: securityOf(this.variables(own)), log, connectTimeoutMs: 3000 };
  }

  /** Adds ACLs. */
  async allow(...acls: readonly Acl[]): Promise<void> {
    await addAcls(this.asItself, acls.map(entryOf));
  }

  /** Takes ACLs away. */
  async takeAway(...acls: readonly Acl[]): Promise<void> {
    await removeAcls(this.asItself, acls.map(entryOf));
  }

  private get asItself(): KafkaSettings {
    return { brokers: [this.plaintext], clientId: 'secure-spec', security: plaintext, log };
  }
}

const entryOf = ({ who, ...acl }: Acl): KafkaAcl => ({ principal: `User:${who}`, ...acl });

const scram = (listener: string) => ({
  [`listener.name.${listener}.scram-sha-512.sasl.jaas.config`]:
    'org.apache.kafka.common.security.scram.ScramLoginModule required;',
});

export const login = (username: string, mechanism = 'scram-sha-512', password = `${username}-secret`) => ({
  KAFKA_SASL_MECHANISM: mechanism,
  KAFKA_SASL_USERNAME: username,
  KAFKA_SASL_PASSWORD: password,
});
