import type { IObjectMeta } from '@kubernetes-models/apimachinery/apis/meta/v1/ObjectMeta';

/*
 * What the charts' objects of Strimzi may hold, by its CRDs of version v1 (Strimzi 0.49 and newer), for which no npm package has
 * models. Only what Pagebridge has a use for: anything else is refused, be it in the CRD or not.
 */

export interface IKafkaTopic {
  readonly apiVersion: 'kafka.strimzi.io/v1';
  readonly kind: 'KafkaTopic';
  readonly metadata: IObjectMeta;
  readonly spec: {
    readonly topicName?: string;
    readonly partitions: number;
    readonly replicas: number;
    readonly config?: Readonly<Record<string, string | number | boolean>>;
  };
}

export interface IKafkaUser {
  readonly apiVersion: 'kafka.strimzi.io/v1';
  readonly kind: 'KafkaUser';
  readonly metadata: IObjectMeta;
  readonly spec: {
    readonly authentication?: { readonly type: 'scram-sha-512' | 'tls' | 'tls-external' };
    readonly authorization: { readonly type: 'simple'; readonly acls: readonly AclRule[] };
  };
}

interface AclRule {
  readonly type?: 'allow' | 'deny';
  readonly host?: string;
  readonly resource:
    | { readonly type: 'cluster' }
    | {
        readonly type: 'topic' | 'group' | 'transactionalId';
        readonly name: string;
        readonly patternType?: 'literal' | 'prefix';
      };
  /** `operation`, of one, is gone from v1. */
  readonly operations: readonly Operation[];
}

type Operation =
  | 'Read'
  | 'Write'
  | 'Create'
  | 'Delete'
  | 'Alter'
  | 'Describe'
  | 'ClusterAction'
  | 'AlterConfigs'
  | 'DescribeConfigs'
  | 'IdempotentWrite'
  | 'All';
