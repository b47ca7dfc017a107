import { readFileSync } from 'node:fs';
import { cards } from '@pagebridge/contracts';
import { addAcls } from '@pagebridge/kafka';
import { aclsOf } from '@pagebridge/topics';
import type { StackFolder } from '../folder.ts';
import type { BrokerAccess, BrokerPorts } from '../infrastructure/kafka.ts';
import { type KafkaPlace, kafkaSettings, type Logins } from '../stack/kafka-settings.ts';
import { caFile, certificateFiles, keystoreOf } from './certificates.ts';
import { passwordFile, passwordIn } from './passwords.ts';

/** The superuser that creates users and ACLs, and observes topics. */
const admin = 'admin';
const acls = aclsOf(cards);

/** The users of a secure stack's broker: each principal of `pagebridge acls`, and an administrator. */
export const principals: readonly string[] = [admin, ...new Set(acls.map(({ who }) => who))];

/** Returns the login of each principal: a certificate, a name and a password. */
export const loginsOf = (folder: StackFolder): Logins =>
  Object.fromEntries(principals.map((name) => [name, loginOf(folder, name)]));

function loginOf(folder: StackFolder, name: string): Logins[string] {
  const { cert, key } = certificateFiles(folder, name);
  return {
    KAFKA_TLS: 'on',
    KAFKA_TLS_CA_FILE: caFile(folder),
    KAFKA_TLS_CERT_FILE: cert,
    KAFKA_TLS_KEY_FILE: key,
    KAFKA_SASL_MECHANISM: 'scram-sha-512',
    KAFKA_SASL_USERNAME: name,
    KAFKA_SASL_PASSWORD_FILE: passwordFile(folder, 'kafka', name),
  };
}

/** Returns the access of a broker that accepts only TLS and denies everything that no ACL allows; also for clusters. */
export function secureBroker(folder: StackFolder): BrokerAccess {
  const ca = caFile(folder);
  const own = certificateFiles(folder, 'broker');
  const keystore = keystoreOf(folder, 'broker');
  const settings = ({ port, controllerPort, internalPort }: BrokerPorts) => ({
    listeners: [
      `CLIENTS://127.0.0.1:${port}`,
      `INTERNAL://127.0.0.1:${internalPort}`,
      `CONTROLLER://127.0.0.1:${controllerPort}`,
    ].join(),
    'advertised.listeners': `CLIENTS://127.0.0.1:${port},INTERNAL://127.0.0.1:${internalPort}`,
    'listener.security.protocol.map': 'CLIENTS:SASL_SSL,INTERNAL:SSL,CONTROLLER:SSL',
    'inter.broker.listener.name': 'INTERNAL',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keystore,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': ca,
    ...Object.fromEntries(
      ['clients', 'internal', 'controller'].map((listener) => [
        `listener.name.${listener}.ssl.client.auth`,
        'required',
      ]),
    ),
    'listener.name.clients.sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    'listener.name.clients.scram-sha-512.sasl.jaas.config':
      'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // Brokers authenticate to each other by their certificate.
    'super.users': `User:CN=broker;User:${admin}`,
  });
  const internalTls = { ca: readFileSync(ca), cert: readFileSync(own.cert), key: readFileSync(own.key) };
  const password = (name: string) => passwordIn(passwordFile(folder, 'kafka', name));
  const scramUsers = principals.map((name) => `SCRAM-SHA-512=[name=${name},password=${password(name)}]`);
  return { settings, scramUsers, internalTls };
}

/** Grants each principal the rights of `pagebridge acls`, and no others. */
export const grantRights = (place: KafkaPlace): Promise<void> =>
  addAcls(
    kafkaSettings(place, 'pagebridge-acls', admin),
    acls.map(({ who, ...acl }) => ({ principal: `User:${who}`, ...acl })),
  );
