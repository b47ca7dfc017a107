{{- /* The rules about several values, which the schema cannot express. Fails with all complaints at once, each with its cure. */ -}}
{{- define "pagebridge.validate" -}}
{{- $values := .Values }}
{{- $wrong := list }}
{{- $needed := dict
  "kafka.brokers" (list $values.kafka.brokers "host:port,host:port of the brokers")
  "database.existingSecret" (list $values.database.existingSecret "the Secret with the URL of the database, or with its password")
  "sealing.publicKey.existingSecret" (list $values.sealing.publicKey.existingSecret "the Secret with the public key that seals credentials")
  "sealing.privateKeys.existingSecret" (list $values.sealing.privateKeys.existingSecret "the Secret with the ring of private keys that opens them")
}}
{{- if $values.pageHistory.enabled }}
{{- $needed = merge $needed (dict "pageHistory.database.existingSecret" (list $values.pageHistory.database.existingSecret "the Secret with the URL of the database of page-history, or with its password")) }}
{{- end }}
{{- with $values.pageHistory }}
{{- if and .snapshots.url (not .enabled) }}
{{- $wrong = append $wrong "pageHistory.snapshots.url needs pageHistory.enabled: page-history shows the snapshots" }}
{{- end }}
{{- if .snapshots.url }}
{{- $needed = merge $needed (dict "pageHistory.snapshots.keys.existingSecret" (list .snapshots.keys.existingSecret "the Secret with the keys that sign links to snapshots")) }}
{{- end }}
{{- end }}
{{- with $values.console }}
{{- if .enabled }}
{{- $needed = merge $needed (dict
  "console.publicUrl" (list .publicUrl "the address of the console in the browser, as https://pagebridge.example.com")
  "console.oidc.issuer" (list .oidc.issuer "the OpenID provider at which people log in, an issuer of access.policy")
  "console.oidc.clientId" (list .oidc.clientId "the client that you registered there for the console (docs/access.md)")
  "console.sessionKeys.existingSecret" (list .sessionKeys.existingSecret "the Secret with the keys that seal sessions")
) }}
{{- $issuers := list }}
{{- range dig "issuers" (list) (default (dict) $values.access.policy) }}{{ $issuers = append $issuers .issuer }}{{ end }}
{{- if and .oidc.issuer $issuers (not (has .oidc.issuer $issuers)) }}
{{- $wrong = append $wrong (printf "console.oidc.issuer is %s, which is no issuer of access.policy: services would refuse its tokens" .oidc.issuer) }}
{{- end }}
{{- end }}
{{- end }}
{{- range $name, $is := $needed }}
{{- if not (first $is) }}{{ $wrong = append $wrong (printf "%s is empty: set it to %s" $name (last $is)) }}{{ end }}
{{- end }}
{{- range $name, $database := dict "database" $values.database "pageHistory.database" $values.pageHistory.database }}
{{- with $database }}
{{- if and .migrationUrl (not .url) }}{{ $wrong = append $wrong (printf "%s.migrationUrl needs %s.url" $name $name) }}{{ end }}
{{- if and .serviceUser (not .migrationUrl) (not .migrationUrlKey) }}
{{- $wrong = append $wrong (printf "%s.serviceUser needs %s.migrationUrlKey or %s.migrationUrl: the migration grants that user its rights as another user" $name $name $name) }}
{{- end }}
{{- end }}
{{- end }}
{{- with $values.pageHistory.database }}
{{- $places := dict }}
{{- range $name, $it := dict "ours" . "other" $values.database }}
{{- $_ := set $places $name (ternary (printf "%s/%s" $it.existingSecret $it.urlKey) (splitList "@" $it.url | last) (eq $it.url "")) }}
{{- end }}
{{- if and $values.pageHistory.enabled .existingSecret (eq $places.ours $places.other) }}
{{- $wrong = append $wrong "pageHistory.database is that of `database`: give page-history a database of its own, which may be on the same server" }}
{{- end }}
{{- end }}
{{- with $values.sealing }}
{{- if and .publicKey.existingSecret (eq .publicKey.existingSecret .privateKeys.existingSecret) }}
{{- $wrong = append $wrong "sealing.privateKeys.existingSecret is that of sealing.publicKey: keep the private keys in a Secret of their own" }}
{{- end }}
{{- end }}
{{- with $values.access }}
{{- if and .enabled (not .policy) (not .existingConfigMap) }}
{{- $wrong = append $wrong "access.policy is empty: say who may call (docs/access.md), name an access.existingConfigMap, or set access.enabled to false" }}
{{- end }}
{{- if and .policy .existingConfigMap }}
{{- $wrong = append $wrong "access.policy and access.existingConfigMap are both set: keep one" }}
{{- end }}
{{- if and (not .enabled) (not .offIsIntended) }}
{{- $wrong = append $wrong "access.enabled is false: whoever reaches a port may then do everything; set access.offIsIntended to true if something else keeps strangers out" }}
{{- end }}
{{- end }}
{{- if and $values.intake.enabled (not (and $values.access.enabled $values.access.tokens)) }}
{{- $wrong = append $wrong "intake.enabled is true, and alert-intake takes API tokens alone: set access.enabled and access.tokens to true (docs/how-to/api-tokens.md)" }}
{{- end }}
{{- with $values.kafka }}
{{- if and .tls.clientCertificates (not .tls.enabled) }}
{{- $wrong = append $wrong "kafka.tls.clientCertificates needs kafka.tls.enabled" }}
{{- end }}
{{- if and (has .sasl.mechanism (list "plain" "oauthbearer")) (not .tls.enabled) }}
{{- $wrong = append $wrong (printf "kafka.sasl.mechanism is %s: the password or token would cross the network as it is; set kafka.tls.enabled" .sasl.mechanism) }}
{{- end }}
{{- if and (eq .sasl.mechanism "oauthbearer") (not .sasl.oauthTokenEndpoint) }}
{{- $wrong = append $wrong "kafka.sasl.oauthTokenEndpoint is empty, and oauthbearer needs it" }}
{{- end }}
{{- if or .sasl.mechanism .tls.clientCertificates }}
{{- $users := without (include "pagebridge.services" $ | fromYaml | keys) "console-gateway" }}
{{- if or (eq $values.topics.createdBy "job") (include "pagebridge.checksTopics" $) }}{{ $users = append $users "topics" }}{{ end }}
{{- if $values.tests.enabled }}{{ $users = append $users "alert-producers" }}{{ end }}
{{- if and $values.pageHistory.enabled $values.pageHistory.deadLetterReplay }}{{ $users = append $users "dead-letters" }}{{ end }}
{{- range $who := $users | sortAlpha }}
{{- if not (include "pagebridge.kafkaSecret" (dict "root" $ "who" $who)) }}
{{- $wrong = append $wrong (printf "kafka.users.%s.existingSecret is empty: name the Secret with its login, or set strimzi.users.enabled" $who) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- if and (or $values.strimzi.users.enabled (eq $values.topics.createdBy "strimzi")) (not $values.strimzi.cluster) }}
{{- $wrong = append $wrong "strimzi.cluster is empty: name the Kafka resource" }}
{{- end }}
{{- if and $values.strimzi.users.enabled (ne $values.kafka.sasl.mechanism "scram-sha-512") (or $values.kafka.sasl.mechanism (not $values.kafka.tls.clientCertificates)) }}
{{- $wrong = append $wrong "strimzi.users are of scram-sha-512 or of client certificates: set kafka.sasl.mechanism to the one, or to \"\" and kafka.tls.clientCertificates to true" }}
{{- end }}
{{- $hooks := and $values.jobs.hooks (or $values.migrations.enabled (eq $values.topics.createdBy "job")) }}
{{- if and $hooks $values.externalSecrets.enabled }}
{{- $wrong = append $wrong "jobs.hooks is true, and hooks run before the Secrets of externalSecrets are there: set jobs.hooks to false" }}
{{- end }}
{{- if and $hooks $values.strimzi.users.enabled (eq $values.topics.createdBy "job") }}
{{- $wrong = append $wrong "jobs.hooks is true, and hooks run before the user of the topics Job is there: set jobs.hooks to false, or topics.createdBy to strimzi" }}
{{- end }}
{{- if include "pagebridge.checksTopics" . }}
{{- $elsewhere := ne .Release.Namespace (default .Release.Namespace $values.strimzi.namespace) }}
{{- if ternary $elsewhere $values.externalSecrets.enabled $values.strimzi.users.enabled }}
{{- $wrong = append $wrong "topics.strimzi.check is true, and its Job runs before the Secret of its user is there: set it to false, and check before you install (docs/operate.md, Topics)" }}
{{- end }}
{{- end }}
{{- with $values.externalSecrets }}
{{- if and .enabled (or (not .storeRef.name) (not .secrets)) }}
{{- $wrong = append $wrong "externalSecrets.enabled is true: set externalSecrets.storeRef.name and externalSecrets.secrets" }}
{{- end }}
{{- end }}
{{- if and $values.httpRoute.enabled (not $values.httpRoute.parentRefs) }}
{{- $wrong = append $wrong "httpRoute.parentRefs is empty: name the Gateway" }}
{{- end }}
{{- if or $values.ingress.enabled $values.httpRoute.enabled }}
{{- $hosts := include "pagebridge.snapshotHosts" . | fromYamlArray }}
{{- range include "pagebridge.services" . | fromYaml }}{{ $hosts = concat $hosts (default (list) .hosts) }}{{ end }}
{{- if not $hosts }}{{ $wrong = append $wrong "no service has hosts: set services.connection-management.hosts, or turn ingress and httpRoute off" }}{{ end }}
{{- end }}
{{- with $values.proxy }}
{{- if and .url .existingSecret }}{{ $wrong = append $wrong "proxy.url and proxy.existingSecret are both set: keep one" }}{{ end }}
{{- if and .existingSecret $values.networkPolicy.enabled (not $values.networkPolicy.proxy.ports) }}
{{- $wrong = append $wrong "networkPolicy.proxy.ports is empty: name the port of the proxy, whose URL is in proxy.existingSecret" }}
{{- end }}
{{- end }}
{{- $hasProxy := or $values.proxy.url $values.proxy.existingSecret }}
{{- $callsIssuers := or $values.access.enabled $values.console.enabled }}
{{- if and $values.networkPolicy.enabled $callsIssuers (not $values.networkPolicy.issuers.to) (not $hasProxy) }}
{{- $wrong = append $wrong "networkPolicy.issuers.to is empty: services have to reach the issuers of access.policy for their keys, and the console its own" }}
{{- end }}
{{- if and $values.networkPolicy.enabled $values.podMonitor.enabled (not $values.networkPolicy.scrapers) }}
{{- $wrong = append $wrong "networkPolicy.scrapers is empty, and podMonitor is enabled: name the pods of Prometheus, which otherwise reads no metrics" }}
{{- end }}
{{- range $setting := list "cleanup.policy" "message.timestamp.type" "max.message.bytes" }}
{{- if hasKey $values.topics.strimzi.config $setting }}
{{- $wrong = append $wrong (printf "topics.strimzi.config has %s: topics differ in it, and Pagebridge relies on it; remove it" $setting) }}
{{- end }}
{{- end }}
{{- if $values.autoscaling.enabled }}
{{- range $who := list "page-routing" "page-delivery" }}
{{- with index $values.autoscaling $who }}
{{- if gt (.minReplicas | int) (.maxReplicas | int) }}{{ $wrong = append $wrong (printf "autoscaling.%s.minReplicas is above maxReplicas" $who) }}{{ end }}
{{- if gt (.fallbackReplicas | int) (.maxReplicas | int) }}{{ $wrong = append $wrong (printf "autoscaling.%s.fallbackReplicas is above maxReplicas" $who) }}{{ end }}
{{- end }}
{{- end }}
{{- end }}
{{- with index $values.services "page-delivery" }}
{{- $held := add (mul (dig "WAITING_MIB" 256 .config | int) 2) (dig "IDLE_ALERTS_MIB" 1024 .config | int) }}
{{- $heap := include "pagebridge.heapMib" (dict "root" $ "resources" .resources) | int }}
{{- if gt (add $held 256) $heap }}
{{- $wrong = append $wrong (printf "services.page-delivery: twice WAITING_MIB and IDLE_ALERTS_MIB are %d MiB, and page-delivery needs 256 MiB more, but resources.limits.memory leaves %d for the heap: raise the one or lower the others" $held $heap) }}
{{- end }}
{{- end }}
{{- with $values.intake }}
{{- $held := div (mul (dig "KNOWN_ALERTS" 1000000 .config | int) 400) 1048576 }}
{{- $heap := include "pagebridge.heapMib" (dict "root" $ "resources" .resources) | int }}
{{- if and .enabled (gt (add $held 600) $heap) }}
{{- $wrong = append $wrong (printf "intake: KNOWN_ALERTS (400 bytes each) take %d MiB, and requests in flight up to 600, but resources.limits.memory leaves %d for the heap: raise the one or lower the other" $held $heap) }}
{{- end }}
{{- end }}
{{- with $values.tests }}
{{- if .enabled }}
{{- if not (and .certificateSecret $values.extraCaSecret) }}
{{- $wrong = append $wrong "tests.enabled is true: set tests.certificateSecret, and extraCaSecret with the CA that signed it" }}
{{- end }}
{{- if and $values.access.enabled (not .token.existingSecret) }}
{{- $wrong = append $wrong "tests.token.existingSecret is empty: the test needs a token of an admin of tests.sourceOrg, or the secret of a client that gets one" }}
{{- end }}
{{- end }}
{{- end }}
{{- if $wrong }}{{ fail (printf "\n- %s" (join "\n- " $wrong)) }}{{ end }}
{{- end }}
