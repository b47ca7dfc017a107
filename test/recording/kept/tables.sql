SET FOREIGN_KEY_CHECKS = 0;

CREATE TABLE `access_policy` (
  `source_org` varchar(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `rules` longtext NOT NULL CHECK (json_valid(`rules`)),
  PRIMARY KEY (`source_org`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `access_policy` (`source_org`, `rules`) VALUES ('*', '[\"operator by sub olga of http://127.0.0.1:15942\",\"tokens of http://127.0.0.1:15942 for pagebridge, at+jwt RS256 PS256 ES256 EdDSA\"]');
INSERT INTO `access_policy` (`source_org`, `rules`) VALUES ('acme-us', '[\"admin by sub ada of http://127.0.0.1:15942\",\"editor by sub machine of http://127.0.0.1:15942\",\"viewer by sub vik of http://127.0.0.1:15942\"]');
INSERT INTO `access_policy` (`source_org`, `rules`) VALUES ('initech-us', '[\"admin by sub bea of http://127.0.0.1:15942\"]');

CREATE TABLE `access_tokens` (
  `id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `source_org` varchar(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `name` varchar(100) NOT NULL,
  `role` varchar(16) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  `permissions` longtext DEFAULT NULL CHECK (json_valid(`permissions`)),
  `hash` char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `last4` char(4) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `created_at` datetime(3) NOT NULL,
  `created_by` varchar(512) NOT NULL,
  `expires_at` datetime(3) NOT NULL,
  `revoked_at` datetime(3) DEFAULT NULL,
  `last_used_at` datetime(3) DEFAULT NULL,
  `version` int(10) unsigned NOT NULL,
  `integration` varchar(40) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  `last_refused_at` datetime(3) DEFAULT NULL,
  `last_refusal` varchar(512) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `access_tokens_hash` (`hash`),
  KEY `access_tokens_page` (`source_org`,`id`),
  KEY `access_tokens_expiry` (`expires_at`),
  KEY `access_tokens_integration` (`source_org`,`integration`,`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `access_tokens` (`id`, `source_org`, `name`, `role`, `permissions`, `hash`, `last4`, `created_at`, `created_by`, `expires_at`, `revoked_at`, `last_used_at`, `version`, `integration`, `last_refused_at`, `last_refusal`) VALUES ('01a23289-d275-7057-a231-11f9668d26ce', 'acme-recorded', 'terraform', 'admin', NULL, '150c1b4b80d410513a25b9b73083d4a68a2096058aa39b1394bd42cb87ff2330', 'd607', '2026-12-01 16:57:02.836', 'http://127.0.0.1:15942#olga', '2027-12-01 16:57:02.836', NULL, NULL, 1, NULL, NULL, NULL);

CREATE TABLE `audit_entries` (
  `id` bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  `source_org` varchar(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `actor` varchar(513) NOT NULL,
  `on_behalf_of` varchar(128) DEFAULT NULL,
  `action` varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `target` varchar(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `before_change` longtext DEFAULT NULL CHECK (json_valid(`before_change`)),
  `after_change` longtext DEFAULT NULL CHECK (json_valid(`after_change`)),
  `request_id` varchar(128) NOT NULL,
  `at` datetime(3) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `audit_entries_page` (`source_org`,`id`),
  KEY `audit_entries_at` (`source_org`,`at`,`id`),
  KEY `audit_entries_action` (`source_org`,`action`,`at`,`id`),
  KEY `audit_entries_actor` (`source_org`,`actor`,`at`,`id`),
  KEY `audit_entries_target` (`source_org`,`target`,`at`,`id`)
) ENGINE=InnoDB AUTO_INCREMENT=9 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `audit_entries` (`id`, `source_org`, `actor`, `on_behalf_of`, `action`, `target`, `before_change`, `after_change`, `request_id`, `at`) VALUES ('1', '-', 'urn:pagebridge#access-policy', NULL, 'access-policy.changed', '-', NULL, '{\"rules\":[\"operator by sub olga of http://127.0.0.1:15942\",\"tokens of http://127.0.0.1:15942 for pagebridge, at+jwt RS256 PS256 ES256 EdDSA\"]}', '', '2026-12-01 16:57:01.680');
INSERT INTO `audit_entries` (`id`, `source_org`, `actor`, `on_behalf_of`, `action`, `target`, `before_change`, `after_change`, `request_id`, `at`) VALUES ('2', 'acme-us', 'urn:pagebridge#access-policy', NULL, 'access-policy.changed', 'acme-us', NULL, '{\"rules\":[\"admin by sub ada of http://127.0.0.1:15942\",\"editor by sub machine of http://127.0.0.1:15942\",\"viewer by sub vik of http://127.0.0.1:15942\"]}', '', '2026-12-01 16:57:01.711');
INSERT INTO `audit_entries` (`id`, `source_org`, `actor`, `on_behalf_of`, `action`, `target`, `before_change`, `after_change`, `request_id`, `at`) VALUES ('3', 'initech-us', 'urn:pagebridge#access-policy', NULL, 'access-policy.changed', 'initech-us', NULL, '{\"rules\":[\"admin by sub bea of http://127.0.0.1:15942\"]}', '', '2026-12-01 16:57:01.747');
INSERT INTO `audit_entries` (`id`, `source_org`, `actor`, `on_behalf_of`, `action`, `target`, `before_change`, `after_change`, `request_id`, `at`) VALUES ('4', 'acme-recorded', 'http://127.0.0.1:15942#olga', NULL, 'connection.created', '01a23289-cf24-7232-8dc4-9d0375bc0bea', NULL, '{\"name\":\"Globex\",\"slug\":\"globex\",\"dataCenter\":\"SANDBOX-EU1\",\"destinationOrg\":{\"id\":\"041d5b58-0699-59a6-af59-03ce35bbcff0\",\"name\":\"globex-eu\"},\"enabled\":true,\"failover\":null,\"share\":\"none\",\"version\":1,\"credential\":{\"revision\":1,\"apiKeyLast4\":\"fb13\",\"applicationKeyLast4\":\"bee4\",\"checkStatus\":\"passed\"}}', '999eae70-047d-41a9-81d9-4146d5a91fb6', '2026-12-01 16:57:01.988');
INSERT INTO `audit_entries` (`id`, `source_org`, `actor`, `on_behalf_of`, `action`, `target`, `before_change`, `after_change`, `request_id`, `at`) VALUES ('5', 'acme-recorded', 'http://127.0.0.1:15942#olga', NULL, 'connection.created', '01a23289-d18c-763c-8739-8376e3087be7', NULL, '{\"name\":\"Initech\",\"slug\":\"initech\",\"dataCenter\":\"SANDBOX-AP1\",\"destinationOrg\":{\"id\":\"1e99be85-c650-544d-aaae-ce3c76fa0877\",\"name\":\"initech-ap\"},\"enabled\":true,\"failover\":null,\"share\":\"none\",\"version\":1,\"credential\":{\"revision\":1,\"apiKeyLast4\":\"158a\",\"applicationKeyLast4\":\"465d\",\"checkStatus\":\"passed\"}}', 'fa11ea77-ec01-4e8b-b75a-dded7a1e65de', '2026-12-01 16:57:02.604');
INSERT INTO `audit_entries` (`id`, `source_org`, `actor`, `on_behalf_of`, `action`, `target`, `before_change`, `after_change`, `request_id`, `at`) VALUES ('6', 'acme-recorded', 'http://127.0.0.1:15942#olga', NULL, 'source-org.changed', 'acme-recorded', '{\"localHandles\":[],\"fallbackHandle\":null,\"alertTopic\":\"shared\",\"version\":0}', '{\"localHandles\":[\"facilities\"],\"fallbackHandle\":null,\"alertTopic\":\"shared\",\"version\":1}', '7dcd8676-24eb-454c-97b6-e9d1a755c92b', '2026-12-01 16:57:02.734');
INSERT INTO `audit_entries` (`id`, `source_org`, `actor`, `on_behalf_of`, `action`, `target`, `before_change`, `after_change`, `request_id`, `at`) VALUES ('7', 'acme-recorded', 'http://127.0.0.1:15942#olga', NULL, 'connection.changed', '01a23289-cf24-7232-8dc4-9d0375bc0bea', '{\"name\":\"Globex\",\"slug\":\"globex\",\"dataCenter\":\"SANDBOX-EU1\",\"destinationOrg\":{\"id\":\"041d5b58-0699-59a6-af59-03ce35bbcff0\",\"name\":\"globex-eu\"},\"enabled\":true,\"failover\":null,\"share\":\"none\",\"version\":1,\"credential\":{\"revision\":1,\"apiKeyLast4\":\"fb13\",\"applicationKeyLast4\":\"bee4\",\"checkStatus\":\"passed\"}}', '{\"name\":\"Globex\",\"slug\":\"globex\",\"dataCenter\":\"SANDBOX-EU1\",\"destinationOrg\":{\"id\":\"041d5b58-0699-59a6-af59-03ce35bbcff0\",\"name\":\"globex-eu\"},\"enabled\":true,\"failover\":{\"connectionId\":\"01a23289-d18c-763c-8739-8376e3087be7\",\"teamHandle\":\"network\",\"afterFailures\":3,\"afterSeconds\":120},\"share\":\"none\",\"version\":2,\"credential\":{\"revision\":1,\"apiKeyLast4\":\"fb13\",\"applicationKeyLast4\":\"bee4\",\"checkStatus\":\"passed\"}}', '5cb276c4-1538-4dc8-aafc-b3371e4b567b', '2026-12-01 16:57:02.789');
INSERT INTO `audit_entries` (`id`, `source_org`, `actor`, `on_behalf_of`, `action`, `target`, `before_change`, `after_change`, `request_id`, `at`) VALUES ('8', 'acme-recorded', 'http://127.0.0.1:15942#olga', NULL, 'token.created', '01a23289-d275-7057-a231-11f9668d26ce', NULL, '{\"name\":\"terraform\",\"role\":\"admin\",\"last4\":\"d607\",\"expiresAt\":\"2027-12-01T16:57:02.836Z\"}', '03f6e7ad-114f-4d05-ab1e-193563d886c2', '2026-12-01 16:57:02.836');

CREATE TABLE `connections` (
  `id` char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `source_org` varchar(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `name` varchar(100) NOT NULL,
  `name_key` varchar(200) NOT NULL,
  `slug` varchar(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `data_center` varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `destination_org_id` varchar(128) NOT NULL,
  `destination_org_name` varchar(256) NOT NULL,
  `enabled` tinyint(4) NOT NULL,
  `version` int(10) unsigned NOT NULL,
  `state_revision` int(10) unsigned NOT NULL,
  `created_at` datetime(3) NOT NULL,
  `updated_at` datetime(3) NOT NULL,
  `sealed_credential` text CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `credential_revision` int(10) unsigned NOT NULL,
  `api_key_last4` varchar(4) NOT NULL,
  `application_key_last4` varchar(4) NOT NULL,
  `accepted_at` datetime(3) NOT NULL,
  `checked_at` datetime(3) NOT NULL,
  `check_status` varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `checks` longtext NOT NULL CHECK (json_valid(`checks`)),
  `health` longtext NOT NULL CHECK (json_valid(`health`)),
  `failover` longtext DEFAULT NULL CHECK (json_valid(`failover`)),
  `slug_since` datetime(3) DEFAULT NULL,
  `key_fingerprint` varchar(66) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  `former_credential` longtext DEFAULT NULL CHECK (json_valid(`former_credential`)),
  `former_slugs` longtext DEFAULT NULL CHECK (json_valid(`former_slugs`)),
  `sole_destination` varchar(161) DEFAULT NULL,
  `deletion` longtext DEFAULT NULL CHECK (json_valid(`deletion`)),
  `service_account_id` varchar(128) DEFAULT NULL,
  `directory_since` datetime(3) DEFAULT NULL,
  `share` varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'none',
  `share_revoked_before` datetime(3) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `connections_name` (`source_org`,`name_key`),
  UNIQUE KEY `connections_slug` (`source_org`,`slug`),
  UNIQUE KEY `connections_sole_destination` (`source_org`,`sole_destination`),
  KEY `connections_page` (`source_org`,`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `connections` (`id`, `source_org`, `name`, `name_key`, `slug`, `data_center`, `destination_org_id`, `destination_org_name`, `enabled`, `version`, `state_revision`, `created_at`, `updated_at`, `sealed_credential`, `credential_revision`, `api_key_last4`, `application_key_last4`, `accepted_at`, `checked_at`, `check_status`, `checks`, `health`, `failover`, `slug_since`, `key_fingerprint`, `former_credential`, `former_slugs`, `sole_destination`, `deletion`, `service_account_id`, `directory_since`, `share`, `share_revoked_before`) VALUES ('01a23289-cf24-7232-8dc4-9d0375bc0bea', 'acme-recorded', 'Globex', 'globex', 'globex', 'SANDBOX-EU1', '041d5b58-0699-59a6-af59-03ce35bbcff0', 'globex-eu', 1, 2, 2, '2026-12-01 16:57:01.988', '2026-12-01 16:57:02.789', 'eyJhbGciOiJFQ0RILUVTK0EyNTZLVyIsImVuYyI6IkEyNTZHQ00iLCJraWQiOiJfUW1XbFlYNEE1TkItUmZUZ0szVjY5Um50bjFhWWs1YkJfellidlgweXFjIiwiZXBrIjp7IngiOiJYZ3FKblFHQ1dNSUxrRlZ2WHM3RjlrVHJ1ZWhpVVVPbXZNWE5JN2JBWFdNIiwiY3J2IjoiUC0yNTYiLCJrdHkiOiJFQyIsInkiOiJZSzFhTEtfU3RTNzhReHZ3OWo0SzlpcDBGMW1kTmhOV1daZlRIV09PWVNnIn19.oytFE4lZ_ZxjjM232rpMqYnUeyYwzA6MEcm7OwPDgc3K7mDyyEhJHg.HRh_0dy5z9QO4shD.sCEA6sUXsW4hH5UExrl7aE2W1KRLwqcDGkvlljnfxW-q-tFsP0uc0qfEBUtKrwi4azYbl9MXCjdJIE0NR4EvOhsAqwAd5wYidi1WL3EOI1lMlTK04yST5BU20Q9ICGpAt2doDfVoJn3G.O-C47HJwxrB95EYvoOTiyw', 1, 'fb13', 'bee4', '2026-12-01 16:57:01.988', '2026-12-01 16:57:01.988', 'passed', '[{\"name\":\"application-key-kind\",\"result\":\"passed\",\"detail\":\"the key is not an access token\"},{\"name\":\"api-key\",\"result\":\"passed\",\"detail\":\"the destination knows the API key\"},{\"name\":\"key-pair\",\"result\":\"passed\",\"detail\":\"both keys belong together\"},{\"name\":\"service-account\",\"result\":\"passed\",\"detail\":\"the application key belongs to a service account\"},{\"name\":\"account-enabled\",\"result\":\"passed\",\"detail\":\"the account is enabled\"},{\"name\":\"unscoped\",\"result\":\"unknown\",\"detail\":\"the account may not list its own keys (user_app_keys), so scopes cannot be seen; this is usual\"},{\"name\":\"permission:on_call_read\",\"result\":\"passed\",\"detail\":\"allows reading which teams are on call\"},{\"name\":\"permission:on_call_page\",\"result\":\"passed\",\"detail\":\"allows creating pages\"},{\"name\":\"permission:on_call_respond\",\"result\":\"passed\",\"detail\":\"allows resolving pages on recovery\"},{\"name\":\"permission:user_access_read\",\"result\":\"passed\",\"detail\":\"allows reading the service account and its roles\"},{\"name\":\"permission:teams_read\",\"result\":\"passed\",\"detail\":\"allows listing teams and their handles\"},{\"name\":\"reads-users\",\"result\":\"passed\",\"detail\":\"tried, and allowed\"},{\"name\":\"reads-teams\",\"result\":\"passed\",\"detail\":\"tried, and allowed\"},{\"name\":\"reads-routing-rules\",\"result\":\"passed\",\"detail\":\"tried, and allowed\"}]', '{\"answered\":[],\"faults\":[],\"lastSync\":{\"at\":\"2026-12-01T16:57:02.423Z\",\"teams\":3,\"added\":3,\"removed\":0,\"durationMs\":278},\"seen\":{\"sync:handle-sync\":\"2026-12-01T16:57:02.423Z\",\"credential:page-delivery\":\"2026-12-01T16:57:03.252Z\"}}', '{\"connectionId\":\"01a23289-d18c-763c-8739-8376e3087be7\",\"teamHandle\":\"network\",\"afterFailures\":3,\"afterSeconds\":120}', '2026-12-01 16:57:01.988', 'GjTakefrxJxQAGVBp9q4GQ.uaEuFWno83JV5nFe-Wrbma-fmNuZPHEMXT4Hn7JTag4', NULL, '[]', 'SANDBOX-EU1/041d5b58-0699-59a6-af59-03ce35bbcff0', NULL, '48e2aa2a-3a24-55fd-a44d-f74044fcfb08', '2026-12-01 16:57:01.988', 'none', NULL);
INSERT INTO `connections` (`id`, `source_org`, `name`, `name_key`, `slug`, `data_center`, `destination_org_id`, `destination_org_name`, `enabled`, `version`, `state_revision`, `created_at`, `updated_at`, `sealed_credential`, `credential_revision`, `api_key_last4`, `application_key_last4`, `accepted_at`, `checked_at`, `check_status`, `checks`, `health`, `failover`, `slug_since`, `key_fingerprint`, `former_credential`, `former_slugs`, `sole_destination`, `deletion`, `service_account_id`, `directory_since`, `share`, `share_revoked_before`) VALUES ('01a23289-d18c-763c-8739-8376e3087be7', 'acme-recorded', 'Initech', 'initech', 'initech', 'SANDBOX-AP1', '1e99be85-c650-544d-aaae-ce3c76fa0877', 'initech-ap', 1, 1, 1, '2026-12-01 16:57:02.604', '2026-12-01 16:57:02.604', 'eyJhbGciOiJFQ0RILUVTK0EyNTZLVyIsImVuYyI6IkEyNTZHQ00iLCJraWQiOiJfUW1XbFlYNEE1TkItUmZUZ0szVjY5Um50bjFhWWs1YkJfellidlgweXFjIiwiZXBrIjp7IngiOiJ6TURNNC1PQjQ1WXlSLWFQUnRZV3ZyQ3FTVzJuTnFtNUV0aElTU25ZcUZRIiwiY3J2IjoiUC0yNTYiLCJrdHkiOiJFQyIsInkiOiJ3blNtYVpMLWI0NzlmN2FHUU9nZlFRazZoNWxLalp6bHRqYWR5M3ZlRVFjIn19.Sx0Ibq_VSuSTMOCHPUS7hjmfHBS0duCYVwr6K4YR7dvEgt8vy6vBCw.RLuBz9TExZEaQsBZ.lawuQWydKHM5vNTMbWs_HnVvZhEk1g5aJz-YpPrtmZcIvm_ujVYd13KAXXlKqY_kHa4DcDItK8wxyZ2PCBrfWlWYRZY8_fYuE79Y1wYYivOCzwbRR1O5r1OnZB2c0mN5KExOm0NdZY1c.jqIUB2kZ6J6zbZR2EFVwOg', 1, '158a', '465d', '2026-12-01 16:57:02.604', '2026-12-01 16:57:02.604', 'passed', '[{\"name\":\"application-key-kind\",\"result\":\"passed\",\"detail\":\"the key is not an access token\"},{\"name\":\"api-key\",\"result\":\"passed\",\"detail\":\"the destination knows the API key\"},{\"name\":\"key-pair\",\"result\":\"passed\",\"detail\":\"both keys belong together\"},{\"name\":\"service-account\",\"result\":\"passed\",\"detail\":\"the application key belongs to a service account\"},{\"name\":\"account-enabled\",\"result\":\"passed\",\"detail\":\"the account is enabled\"},{\"name\":\"unscoped\",\"result\":\"unknown\",\"detail\":\"the account may not list its own keys (user_app_keys), so scopes cannot be seen; this is usual\"},{\"name\":\"permission:on_call_read\",\"result\":\"passed\",\"detail\":\"allows reading which teams are on call\"},{\"name\":\"permission:on_call_page\",\"result\":\"passed\",\"detail\":\"allows creating pages\"},{\"name\":\"permission:on_call_respond\",\"result\":\"passed\",\"detail\":\"allows resolving pages on recovery\"},{\"name\":\"permission:user_access_read\",\"result\":\"passed\",\"detail\":\"allows reading the service account and its roles\"},{\"name\":\"permission:teams_read\",\"result\":\"passed\",\"detail\":\"allows listing teams and their handles\"},{\"name\":\"reads-users\",\"result\":\"passed\",\"detail\":\"tried, and allowed\"},{\"name\":\"reads-teams\",\"result\":\"passed\",\"detail\":\"tried, and allowed\"},{\"name\":\"reads-routing-rules\",\"result\":\"passed\",\"detail\":\"tried, and allowed\"}]', '{\"faults\":[],\"seen\":{\"sync:handle-sync\":\"2026-12-01T16:57:02.704Z\"},\"lastSync\":{\"at\":\"2026-12-01T16:57:02.704Z\",\"teams\":3,\"added\":3,\"removed\":0,\"durationMs\":49},\"answered\":[]}', NULL, '2026-12-01 16:57:02.604', 'oJwkxmdqTBJGxSPCnNQW4Q.SMX_RL4jh5wI0cXFXSpU5908AmBeHwADkv5VJLPuG3g', NULL, '[]', 'SANDBOX-AP1/1e99be85-c650-544d-aaae-ce3c76fa0877', NULL, 'ee91a70d-248f-5f8e-ac8a-2a8a14211871', '2026-12-01 16:57:02.604', 'none', NULL);

CREATE TABLE `integrations` (
  `source_org` varchar(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `name` varchar(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `kind` varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `default_handle` varchar(195) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  `no_default_for` longtext NOT NULL CHECK (json_valid(`no_default_for`)),
  `severities` longtext NOT NULL CHECK (json_valid(`severities`)),
  `repeat_hours` tinyint(3) unsigned NOT NULL,
  `version` int(10) unsigned NOT NULL,
  `created_at` datetime(3) NOT NULL,
  `updated_at` datetime(3) NOT NULL,
  PRIMARY KEY (`source_org`,`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `limits` (
  `key` varchar(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `points` int(11) NOT NULL,
  `expire` bigint(20) unsigned DEFAULT NULL,
  PRIMARY KEY (`key`),
  KEY `limits_expire` (`expire`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `limits` (`key`, `points`, `expire`) VALUES ('added-connections:acme-recorded', 2, '1796147821949');
INSERT INTO `limits` (`key`, `points`, `expire`) VALUES ('changes:acme-recorded', 2, '1796147822730');
INSERT INTO `limits` (`key`, `points`, `expire`) VALUES ('connections:acme-recorded', 0, NULL);
INSERT INTO `limits` (`key`, `points`, `expire`) VALUES ('made-tokens:acme-recorded', 1, '1796147822834');
INSERT INTO `limits` (`key`, `points`, `expire`) VALUES ('policy:*', 0, NULL);
INSERT INTO `limits` (`key`, `points`, `expire`) VALUES ('policy:acme-us', 0, NULL);
INSERT INTO `limits` (`key`, `points`, `expire`) VALUES ('policy:initech-us', 0, NULL);
INSERT INTO `limits` (`key`, `points`, `expire`) VALUES ('refused-keys-reserved:33bcabc31c9128e538dbf67f01af016201784ce3771c3d236234f38cdf495741', 0, '1796144281940');
INSERT INTO `limits` (`key`, `points`, `expire`) VALUES ('tokens:acme-recorded', 0, NULL);

CREATE TABLE `migrations` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `timestamp` bigint(20) NOT NULL,
  `name` varchar(255) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=6 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_ai_ci;
INSERT INTO `migrations` (`id`, `timestamp`, `name`) VALUES (1, '1764000000060', 'CreateTables1764000000060');
INSERT INTO `migrations` (`id`, `timestamp`, `name`) VALUES (2, '1764000000070', 'IndexAudit1764000000070');
INSERT INTO `migrations` (`id`, `timestamp`, `name`) VALUES (3, '1764000000080', 'AddIntegrations1764000000080');
INSERT INTO `migrations` (`id`, `timestamp`, `name`) VALUES (4, '1764000000090', 'AddRefusals1764000000090');
INSERT INTO `migrations` (`id`, `timestamp`, `name`) VALUES (5, '1764000000100', 'AddShares1764000000100');

CREATE TABLE `outbox` (
  `id` bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  `topic` varchar(249) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `record_key` varchar(600) NOT NULL,
  `value` mediumblob DEFAULT NULL,
  `headers` longtext NOT NULL CHECK (json_valid(`headers`)),
  `created_at` datetime(3) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=14 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `outbox_lease` (
  `id` tinyint(3) unsigned NOT NULL,
  `holder` char(36) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  `expires_at` datetime(3) DEFAULT NULL,
  `rolled_at` datetime(3) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `outbox_lease` (`id`, `holder`, `expires_at`, `rolled_at`) VALUES (1, NULL, '2026-12-01 16:57:22.859', '2026-12-01 16:56:57.192');

CREATE TABLE `source_orgs` (
  `source_org` varchar(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `local_handles` longtext NOT NULL CHECK (json_valid(`local_handles`)),
  `fallback_handle` varchar(195) DEFAULT NULL,
  `version` int(10) unsigned NOT NULL,
  `updated_at` datetime(3) NOT NULL,
  `alert_topic` varchar(6) NOT NULL DEFAULT 'shared',
  `alert_topic_since` datetime(3) DEFAULT NULL,
  PRIMARY KEY (`source_org`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `source_orgs` (`source_org`, `local_handles`, `fallback_handle`, `version`, `updated_at`, `alert_topic`, `alert_topic_since`) VALUES ('acme-recorded', '[\"facilities\"]', NULL, 1, '2026-12-01 16:57:02.734', 'shared', NULL);
