import { type KafkaSettings, type SecurityVariables, securityOf } from '@pagebridge/kafka';

/** Returns brokers and login from a list and variables. Throws an Error, which says by `where` what names a malformed address. */
export function namedKafka(
  where: string,
  list: string,
  login: SecurityVariables,
): Pick<KafkaSettings, 'brokers' | 'security'> {
  const brokers = list.split(',').flatMap((broker) => broker.trim() || []);
  const malformed = brokers.length === 0 ? list : brokers.find((broker) => !/^[^\s:]+:\d+$/.test(broker));
  if (malformed !== undefined) throw new Error(`${where} must be host:port,…, not ${malformed || 'empty'}`);
  return { brokers, security: securityOf(login) };
}
