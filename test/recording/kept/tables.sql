SET FOREIGN_KEY_CHECKS = 0;

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
  PRIMARY KEY (`id`),
  UNIQUE KEY `access_tokens_hash` (`hash`),
  KEY `access_tokens_page` (`source_org`,`id`),
  KEY `access_tokens_expiry` (`expires_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `access_tokens` (`id`, `source_org`, `name`, `role`, `permissions`, `hash`, `last4`, `created_at`, `created_by`, `expires_at`, `revoked_at`, `last_used_at`, `version`) VALUES ('01a21ec0-71c9-75ba-b76b-abbd75be3bb7', 'acme-recorded', 'terraform', 'admin', NULL, '9f198b7174c0dc90ece307cb054f8c9af13f568052b7d173e29d188b40e59f30', 'bXJZ', '2026-11-27 20:44:18.246', 'http://127.0.0.1:14937#olga', '2027-11-27 20:44:18.246', NULL, NULL, 1);

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
  KEY `audit_entries_page` (`source_org`,`id`)
) ENGINE=InnoDB AUTO_INCREMENT=6 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `audit_entries` (`id`, `source_org`, `actor`, `on_behalf_of`, `action`, `target`, `before_change`, `after_change`, `request_id`, `at`) VALUES ('1', 'acme-recorded', 'http://127.0.0.1:14937#olga', NULL, 'connection.created', '01a21ec0-6020-732c-8840-223154a1aa1c', NULL, '{\"name\":\"Globex\",\"slug\":\"globex\",\"dataCenter\":\"SANDBOX-EU1\",\"destinationOrg\":{\"id\":\"041d5b58-0699-59a6-af59-03ce35bbcff0\",\"name\":\"globex-eu\"},\"enabled\":true,\"failover\":null,\"version\":1,\"credential\":{\"revision\":1,\"apiKeyLast4\":\"e606\",\"applicationKeyLast4\":\"7789\",\"checkStatus\":\"passed\"}}', 'aa5413f5-0263-4888-a63e-783bc1e1ca9c', '2026-11-27 20:44:14.086');
INSERT INTO `audit_entries` (`id`, `source_org`, `actor`, `on_behalf_of`, `action`, `target`, `before_change`, `after_change`, `request_id`, `at`) VALUES ('2', 'acme-recorded', 'http://127.0.0.1:14937#olga', NULL, 'connection.created', '01a21ec0-6c87-7673-b962-45e3554154af', NULL, '{\"name\":\"Initech\",\"slug\":\"initech\",\"dataCenter\":\"SANDBOX-AP1\",\"destinationOrg\":{\"id\":\"1e99be85-c650-544d-aaae-ce3c76fa0877\",\"name\":\"initech-ap\"},\"enabled\":true,\"failover\":null,\"version\":1,\"credential\":{\"revision\":1,\"apiKeyLast4\":\"9e07\",\"applicationKeyLast4\":\"7365\",\"checkStatus\":\"passed\"}}', 'af5f74f9-690b-4f3f-89c8-a5b6256b572d', '2026-11-27 20:44:16.921');
INSERT INTO `audit_entries` (`id`, `source_org`, `actor`, `on_behalf_of`, `action`, `target`, `before_change`, `after_change`, `request_id`, `at`) VALUES ('3', 'acme-recorded', 'http://127.0.0.1:14937#olga', NULL, 'source-org.changed', 'acme-recorded', '{\"localHandles\":[],\"fallbackHandle\":null,\"alertTopic\":\"shared\",\"version\":0}', '{\"localHandles\":[\"facilities\"],\"fallbackHandle\":null,\"alertTopic\":\"shared\",\"version\":1}', '15d1c46e-2f29-4b45-927f-0627d69065c8', '2026-11-27 20:44:17.327');
INSERT INTO `audit_entries` (`id`, `source_org`, `actor`, `on_behalf_of`, `action`, `target`, `before_change`, `after_change`, `request_id`, `at`) VALUES ('4', 'acme-recorded', 'http://127.0.0.1:14937#olga', NULL, 'connection.changed', '01a21ec0-6020-732c-8840-223154a1aa1c', '{\"name\":\"Globex\",\"slug\":\"globex\",\"dataCenter\":\"SANDBOX-EU1\",\"destinationOrg\":{\"id\":\"041d5b58-0699-59a6-af59-03ce35bbcff0\",\"name\":\"globex-eu\"},\"enabled\":true,\"failover\":null,\"version\":1,\"credential\":{\"revision\":1,\"apiKeyLast4\":\"e606\",\"applicationKeyLast4\":\"7789\",\"checkStatus\":\"passed\"}}', '{\"name\":\"Globex\",\"slug\":\"globex\",\"dataCenter\":\"SANDBOX-EU1\",\"destinationOrg\":{\"id\":\"041d5b58-0699-59a6-af59-03ce35bbcff0\",\"name\":\"globex-eu\"},\"enabled\":true,\"failover\":{\"connectionId\":\"01a21ec0-6c87-7673-b962-45e3554154af\",\"teamHandle\":\"network\",\"afterFailures\":3},\"version\":2,\"credential\":{\"revision\":1,\"apiKeyLast4\":\"e606\",\"applicationKeyLast4\":\"7789\",\"checkStatus\":\"passed\"}}', '74f96e34-9b89-4d5d-868f-ad5d90ae4e29', '2026-11-27 20:44:18.051');
INSERT INTO `audit_entries` (`id`, `source_org`, `actor`, `on_behalf_of`, `action`, `target`, `before_change`, `after_change`, `request_id`, `at`) VALUES ('5', 'acme-recorded', 'http://127.0.0.1:14937#olga', NULL, 'token.created', '01a21ec0-71c9-75ba-b76b-abbd75be3bb7', NULL, '{\"name\":\"terraform\",\"role\":\"admin\",\"last4\":\"bXJZ\",\"expiresAt\":\"2027-11-27T20:44:18.246Z\"}', '64cbd673-9e12-4a18-a43a-ee85928987d4', '2026-11-27 20:44:18.246');

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
  PRIMARY KEY (`id`),
  UNIQUE KEY `connections_name` (`source_org`,`name_key`),
  UNIQUE KEY `connections_slug` (`source_org`,`slug`),
  UNIQUE KEY `connections_sole_destination` (`source_org`,`sole_destination`),
  KEY `connections_page` (`source_org`,`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `connections` (`id`, `source_org`, `name`, `name_key`, `slug`, `data_center`, `destination_org_id`, `destination_org_name`, `enabled`, `version`, `state_revision`, `created_at`, `updated_at`, `sealed_credential`, `credential_revision`, `api_key_last4`, `application_key_last4`, `accepted_at`, `checked_at`, `check_status`, `checks`, `health`, `failover`, `slug_since`, `key_fingerprint`, `former_credential`, `former_slugs`, `sole_destination`, `deletion`, `service_account_id`, `directory_since`) VALUES ('01a21ec0-6020-732c-8840-223154a1aa1c', 'acme-recorded', 'Globex', 'globex', 'globex', 'SANDBOX-EU1', '041d5b58-0699-59a6-af59-03ce35bbcff0', 'globex-eu', 1, 2, 1, '2026-11-27 20:44:14.086', '2026-11-27 20:44:18.051', 'eyJhbGciOiJFQ0RILUVTK0EyNTZLVyIsImVuYyI6IkEyNTZHQ00iLCJraWQiOiJrcWpkaC16V3V0S1VIaEJBOVRLZG1HZDBKc1k1OEFibXl4eXJVd3ZRLUQwIiwiZXBrIjp7IngiOiJOX1RWTDk1QkJyWGNxZjZwV2swRWZXcWtpbmoxOWFESDVnMGdQU2N2SHpJIiwiY3J2IjoiUC0yNTYiLCJrdHkiOiJFQyIsInkiOiJ5M2F3U0R0ZmlBb01iNXNUeEVOZ3R1MENXbjNGZVloQU9CZmtOT1VCOVFvIn19.HY0ueLIHiIcn5uE0INQzs1ZtBPEkEdJNT8p7TaCGSX_5ffOI_56gXQ.i33g_CagPJ0KuSv1.L0v_3QNyJ884g4rcHTrejumXiPosx02V2bdEMyt8ayZgFLosfT_iH7TKiRLi7EODtNAqxBZ4WHKS-j2VL_slKKmQwL10bAvC1Pq35usvH17FX_pP5m_omQBJz8z2ZArsXI6h8fHZiLYP.7nSJxMuJ1tggaHZuKmnHUg', 1, 'e606', '7789', '2026-11-27 20:44:14.086', '2026-11-27 20:44:14.086', 'passed', '[{\"name\":\"application-key-kind\",\"result\":\"passed\",\"detail\":\"it is not an access token\"},{\"name\":\"api-key\",\"result\":\"passed\",\"detail\":\"the destination knows the API key\"},{\"name\":\"key-pair\",\"result\":\"passed\",\"detail\":\"both keys belong together\"},{\"name\":\"service-account\",\"result\":\"passed\",\"detail\":\"the application key belongs to a service account\"},{\"name\":\"account-enabled\",\"result\":\"passed\",\"detail\":\"the account is enabled\"},{\"name\":\"unscoped\",\"result\":\"unknown\",\"detail\":\"the account may not list its own keys (user_app_keys), so scopes cannot be seen; this is usual\"},{\"name\":\"permission:on_call_read\",\"result\":\"passed\",\"detail\":\"allows reading which teams are on call\"},{\"name\":\"permission:on_call_page\",\"result\":\"passed\",\"detail\":\"allows creating pages\"},{\"name\":\"permission:on_call_respond\",\"result\":\"passed\",\"detail\":\"allows resolving pages on recovery\"},{\"name\":\"permission:user_access_read\",\"result\":\"passed\",\"detail\":\"allows reading the service account and its roles\"},{\"name\":\"permission:teams_read\",\"result\":\"passed\",\"detail\":\"allows listing teams and their handles\"},{\"name\":\"reads-users\",\"result\":\"passed\",\"detail\":\"tried, and allowed\"},{\"name\":\"reads-teams\",\"result\":\"passed\",\"detail\":\"tried, and allowed\"},{\"name\":\"reads-routing-rules\",\"result\":\"passed\",\"detail\":\"tried, and allowed\"}]', '{\"answered\":[],\"faults\":[],\"lastSync\":{\"at\":\"2026-11-27T20:44:16.386Z\",\"teams\":3,\"added\":3,\"removed\":0,\"durationMs\":908},\"seen\":{\"sync:handle-sync\":\"2026-11-27T20:44:16.386Z\"}}', '{\"connectionId\":\"01a21ec0-6c87-7673-b962-45e3554154af\",\"teamHandle\":\"network\",\"afterFailures\":3}', '2026-11-27 20:44:14.086', 's7olUIlwT0yyQ1Ia_B654w.ViNGv7zlRLpExskHIwkzYACChUKmtC5ku6n-O0hxiUA', NULL, '[]', 'SANDBOX-EU1/041d5b58-0699-59a6-af59-03ce35bbcff0', NULL, '48e2aa2a-3a24-55fd-a44d-f74044fcfb08', '2026-11-27 20:44:14.086');
INSERT INTO `connections` (`id`, `source_org`, `name`, `name_key`, `slug`, `data_center`, `destination_org_id`, `destination_org_name`, `enabled`, `version`, `state_revision`, `created_at`, `updated_at`, `sealed_credential`, `credential_revision`, `api_key_last4`, `application_key_last4`, `accepted_at`, `checked_at`, `check_status`, `checks`, `health`, `failover`, `slug_since`, `key_fingerprint`, `former_credential`, `former_slugs`, `sole_destination`, `deletion`, `service_account_id`, `directory_since`) VALUES ('01a21ec0-6c87-7673-b962-45e3554154af', 'acme-recorded', 'Initech', 'initech', 'initech', 'SANDBOX-AP1', '1e99be85-c650-544d-aaae-ce3c76fa0877', 'initech-ap', 1, 1, 1, '2026-11-27 20:44:16.921', '2026-11-27 20:44:16.921', 'eyJhbGciOiJFQ0RILUVTK0EyNTZLVyIsImVuYyI6IkEyNTZHQ00iLCJraWQiOiJrcWpkaC16V3V0S1VIaEJBOVRLZG1HZDBKc1k1OEFibXl4eXJVd3ZRLUQwIiwiZXBrIjp7IngiOiJNQkFtVXFwTU9RUnJfdFk4ZEdDaVpYM1RJeUwzSXB0R09CbFhDVUhQZjdFIiwiY3J2IjoiUC0yNTYiLCJrdHkiOiJFQyIsInkiOiJONmZZZFlJV2V1Sy1wczM4Sm1JWmpKajNEQmtMQ2haY0JnOVNaTnE1cUI0In19.LhrQWSGMo0Lb9p5-HWzjRJelbORTquuNZYckHfTq_0gO8M_5qtL0AA.7GoOtzd6JvJXKQtK.pUFBkfg9fowB1CvXBjnAAGy0qhRtm51W1wT055B2G_WtvuJ2O4O2WeySCVIsJyZj0yKVw4Y5IEgZpPfJlXYTuQXSJl9xhiUdLQUKFZo5uxS93dqGlb4ETqiWdOFeYuTzV9bLp28G1lzR.NOq0cWpXRcLJ9Yxqovj5xw', 1, '9e07', '7365', '2026-11-27 20:44:16.921', '2026-11-27 20:44:16.921', 'passed', '[{\"name\":\"application-key-kind\",\"result\":\"passed\",\"detail\":\"it is not an access token\"},{\"name\":\"api-key\",\"result\":\"passed\",\"detail\":\"the destination knows the API key\"},{\"name\":\"key-pair\",\"result\":\"passed\",\"detail\":\"both keys belong together\"},{\"name\":\"service-account\",\"result\":\"passed\",\"detail\":\"the application key belongs to a service account\"},{\"name\":\"account-enabled\",\"result\":\"passed\",\"detail\":\"the account is enabled\"},{\"name\":\"unscoped\",\"result\":\"unknown\",\"detail\":\"the account may not list its own keys (user_app_keys), so scopes cannot be seen; this is usual\"},{\"name\":\"permission:on_call_read\",\"result\":\"passed\",\"detail\":\"allows reading which teams are on call\"},{\"name\":\"permission:on_call_page\",\"result\":\"passed\",\"detail\":\"allows creating pages\"},{\"name\":\"permission:on_call_respond\",\"result\":\"passed\",\"detail\":\"allows resolving pages on recovery\"},{\"name\":\"permission:user_access_read\",\"result\":\"passed\",\"detail\":\"allows reading the service account and its roles\"},{\"name\":\"permission:teams_read\",\"result\":\"passed\",\"detail\":\"allows listing teams and their handles\"},{\"name\":\"reads-users\",\"result\":\"passed\",\"detail\":\"tried, and allowed\"},{\"name\":\"reads-teams\",\"result\":\"passed\",\"detail\":\"tried, and allowed\"},{\"name\":\"reads-routing-rules\",\"result\":\"passed\",\"detail\":\"tried, and allowed\"}]', '{\"faults\":[],\"seen\":{\"sync:handle-sync\":\"2026-11-27T20:44:17.121Z\"},\"lastSync\":{\"at\":\"2026-11-27T20:44:17.121Z\",\"teams\":3,\"added\":3,\"removed\":0,\"durationMs\":141},\"answered\":[]}', NULL, '2026-11-27 20:44:16.921', 'MhR64WE2ff4IsOp5Qy4bhQ.F7V8QJ7yY8Z7geewCjbDNg_oLudlyfI9V7D0uwLDKLo', NULL, '[]', 'SANDBOX-AP1/1e99be85-c650-544d-aaae-ce3c76fa0877', NULL, 'ee91a70d-248f-5f8e-ac8a-2a8a14211871', '2026-11-27 20:44:16.921');

CREATE TABLE `limits` (
  `key` varchar(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `points` int(11) NOT NULL,
  `expire` bigint(20) unsigned DEFAULT NULL,
  PRIMARY KEY (`key`),
  KEY `limits_expire` (`expire`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `limits` (`key`, `points`, `expire`) VALUES ('added-connections:acme-recorded', 2, '1795815853090');
INSERT INTO `limits` (`key`, `points`, `expire`) VALUES ('connections:acme-recorded', 0, NULL);
INSERT INTO `limits` (`key`, `points`, `expire`) VALUES ('refused-keys-by-caller-reserved:177b73663629c3d716660476587ac0efc3ec0565c90afce980a02ec1ea09e174', 0, '1795812313079');
INSERT INTO `limits` (`key`, `points`, `expire`) VALUES ('refused-keys-reserved:acme-recorded', 0, '1795812313069');

CREATE TABLE `migrations` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `timestamp` bigint(20) NOT NULL,
  `name` varchar(255) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=17 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_ai_ci;
INSERT INTO `migrations` (`id`, `timestamp`, `name`) VALUES (1, '1764000000001', 'CreateConnections1764000000001');
INSERT INTO `migrations` (`id`, `timestamp`, `name`) VALUES (2, '1764000000002', 'CreateSourceOrgs1764000000002');
INSERT INTO `migrations` (`id`, `timestamp`, `name`) VALUES (3, '1764000000003', 'CreateAuditEntries1764000000003');
INSERT INTO `migrations` (`id`, `timestamp`, `name`) VALUES (4, '1764000000004', 'CreateOutbox1764000000004');
INSERT INTO `migrations` (`id`, `timestamp`, `name`) VALUES (5, '1764000000005', 'AddFailover1764000000005');
INSERT INTO `migrations` (`id`, `timestamp`, `name`) VALUES (6, '1764000000006', 'AddSlugSince1764000000006');
INSERT INTO `migrations` (`id`, `timestamp`, `name`) VALUES (7, '1764000000011', 'CreateOutboxLease1764000000011');
INSERT INTO `migrations` (`id`, `timestamp`, `name`) VALUES (8, '1764000000012', 'AddFormerCredential1764000000012');
INSERT INTO `migrations` (`id`, `timestamp`, `name`) VALUES (9, '1764000000013', 'AddFormerSlugs1764000000013');
INSERT INTO `migrations` (`id`, `timestamp`, `name`) VALUES (10, '1764000000020', 'AddSoleDestination1764000000020');
INSERT INTO `migrations` (`id`, `timestamp`, `name`) VALUES (11, '1764000000021', 'AddDeletion1764000000021');
INSERT INTO `migrations` (`id`, `timestamp`, `name`) VALUES (12, '1764000000022', 'AddDirectory1764000000022');
INSERT INTO `migrations` (`id`, `timestamp`, `name`) VALUES (13, '1764000000040', 'AddOnBehalfOf1764000000040');
INSERT INTO `migrations` (`id`, `timestamp`, `name`) VALUES (14, '1764000000045', 'CreateLimits1764000000045');
INSERT INTO `migrations` (`id`, `timestamp`, `name`) VALUES (15, '1764000000050', 'CreateAccessTokens1764000000050');
INSERT INTO `migrations` (`id`, `timestamp`, `name`) VALUES (16, '1764000000051', 'AddAlertTopic1764000000051');

CREATE TABLE `outbox` (
  `id` bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  `topic` varchar(249) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `record_key` varchar(600) NOT NULL,
  `value` mediumblob DEFAULT NULL,
  `headers` longtext NOT NULL CHECK (json_valid(`headers`)),
  `created_at` datetime(3) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=11 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `outbox_lease` (
  `id` tinyint(3) unsigned NOT NULL,
  `holder` char(36) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  `expires_at` datetime(3) DEFAULT NULL,
  `rolled_at` datetime(3) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `outbox_lease` (`id`, `holder`, `expires_at`, `rolled_at`) VALUES (1, NULL, '2026-11-27 20:44:38.357', '2026-11-27 20:43:54.244');

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
INSERT INTO `source_orgs` (`source_org`, `local_handles`, `fallback_handle`, `version`, `updated_at`, `alert_topic`, `alert_topic_since`) VALUES ('acme-recorded', '[\"facilities\"]', NULL, 1, '2026-11-27 20:44:17.327', 'shared', NULL);
