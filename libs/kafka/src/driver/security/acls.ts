import kafkajs from 'kafkajs';
import type { KafkaSettings } from '../../settings.ts';
import { withAdmin } from '../client.ts';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

/** An ACL of Kafka that allows an operation from any host. Read and Write imply Describe. */
export interface KafkaAcl {
  /** In the form `User:name`. */
  readonly principal: string;
  readonly operation: 'Create' | 'Describe' | 'DescribeConfigs' | 'Read' | 'Write';
  readonly resourceType: 'topic' | 'group';
  readonly resourceName: string;
  readonly patternType: 'literal' | 'prefixed';
}

/** Adds ACLs; existing ones stay unchanged. */
export async function addAcls(settings: KafkaSettings, acls: readonly KafkaAcl[]): Promise<void> {
  await withAdmin(settings, (admin) => admin.createAcls({ acl: acls.map(entryOf) }));
}

/** Removes these ACLs, and no others. */
export async function removeAcls(settings: KafkaSettings, acls: readonly KafkaAcl[]): Promise<void> {
  await withAdmin(settings, (admin) => admin.deleteAcls({ filters: acls.map(entryOf) }));
}

const entryOf = ({ principal, operation, resourceType, resourceName, patternType }: KafkaAcl) => ({
  principal,
  host: '*',
  operation: operation === 'DescribeConfigs' ? AclOperationTypes.DESCRIBE_CONFIGS : AclOperationTypes[upper(operation)],
  permissionType: AclPermissionTypes.ALLOW,
  resourceType: AclResourceTypes[upper(resourceType)],
  resourceName,
  resourcePatternType: ResourcePatternTypes[upper(patternType)],
});

const upper = <Text extends string>(text: Text): Uppercase<Text> => text.toUpperCase() as Uppercase<Text>;
