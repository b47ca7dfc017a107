import { Inject, Injectable } from '@nestjs/common';
import { type Bus, KafkaBus } from '@pagebridge/dead-letters';
import { type KafkaSecurity, type KafkaSettings, securityOf } from '@pagebridge/kafka';
import { CONFIG, fromVariable, KAFKA_SETTINGS } from '@pagebridge/service';
import { type PageHistoryConfig, pageHistoryConfig } from '../../config.ts';

/** What says who logs in; everything else about a connection is as for the service. */
const prefix = 'DEAD_LETTERS_';
const ofUser = Object.keys(pageHistoryConfig.properties).filter((name) => name.startsWith(prefix));

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
  const login = ofUser.map((name) => [name.slice(prefix.length), config[name as keyof PageHistoryConfig]] as const);
  return fromVariable('DEAD_LETTER_REPLAY=on', () => {
    try {
      return securityOf({ ...config, ...Object.fromEntries(login) });
    } catch (error) {
      const names = new RegExp(`\\b(${login.map(([name]) => name).join('|')})\\b`, 'g');
      throw new Error((error as Error).message.replace(names, `${prefix}$1`), { cause: error });
    }
  });
}
