import { Inject, Injectable } from '@nestjs/common';
import { type Bus, KafkaBus } from '@pagebridge/dead-letters';
import { type KafkaSecurity, type KafkaSettings, securityOf } from '@pagebridge/kafka';
import { CONFIG, fromVariable, KAFKA_SETTINGS } from '@pagebridge/service';
import type { PageHistoryConfig } from '../../config.ts';

/** What says who logs in; everything else about a connection is as for the service. */
const ofUser = [
  'KAFKA_TLS_CERT_FILE',
  'KAFKA_TLS_KEY_FILE',
  'KAFKA_SASL_USERNAME',
  'KAFKA_SASL_PASSWORD',
  'KAFKA_SASL_PASSWORD_FILE',
  'KAFKA_SASL_OAUTH_CLIENT_ID',
  'KAFKA_SASL_OAUTH_CLIENT_SECRET',
  'KAFKA_SASL_OAUTH_CLIENT_SECRET_FILE',
] as const;

/** Reaches Kafka as the user dead-letters, whose rights page-history itself does not have. */
@Injectable()
export class ReplayBus {
  private readonly settings: KafkaSettings | undefined;

  /** Throws ConfigError if replays are on and the login of that user is missing. */
  constructor(@Inject(CONFIG) config: PageHistoryConfig, @Inject(KAFKA_SETTINGS) settings: KafkaSettings) {
    if (config.DEAD_LETTER_REPLAY === 'off') return;
    const security = securityOfUser(config);
    this.settings = { ...settings, clientId: `${settings.clientId}-replay`, security, connectTimeoutMs: 10_000 };
  }

  get isOn(): boolean {
    return this.settings !== undefined;
  }

  /** Returns a connection for one preview or replay; undefined if replays are off. */
  open(): Bus | undefined {
    return this.settings && new KafkaBus(this.settings);
  }
}

function securityOfUser(config: PageHistoryConfig): KafkaSecurity {
  const login = Object.fromEntries(ofUser.map((name) => [name, config[`DEAD_LETTERS_${name}`]]));
  return fromVariable('DEAD_LETTER_REPLAY=on', () => {
    try {
      return securityOf({ ...config, ...login });
    } catch (error) {
      const names = new RegExp(`\\b(${ofUser.join('|')})\\b`, 'g');
      throw new Error((error as Error).message.replace(names, 'DEAD_LETTERS_$1'), { cause: error });
    }
  });
}
