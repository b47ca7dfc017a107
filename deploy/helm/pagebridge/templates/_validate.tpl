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
{{- $wrong = append $wrong "pageHistory.snapshots.url needs pageHistory.enabled, because page-history serves the snapshots" }}
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
{{- $wrong = append $wrong (printf "console.oidc.issuer is %s, which access.policy does not list: services would reject its tokens" .oidc.issuer) }}
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
{{- $wrong = append $wrong (printf "%s.serviceUser needs %s.migrationUrlKey or %s.migrationUrl: the migration must run as another user to grant permissions to this user" $name $name $name) }}
{{- end }}
{{- end }}
{{- end }}
{{- with $values.pageHistory.database }}
{{- $places := dict }}
{{- range $name, $it := dict "ours" . "other" $values.database }}
{{- $_ := set $places $name (ternary (printf "%s/%s" $it.existingSecret $it.urlKey) (splitList "@" $it.url | last) (eq $it.url "")) }}
{{- end }}
{{- if and $values.pageHistory.enabled .existingSecret (eq $places.ours $places.other) }}
{{- $wrong = append $wrong "pageHistory.database is the same database as `database`: use a separate database, which can be on the same server" }}
{{- end }}
{{- end }}
{{- with $values.sealing }}
{{- if and .publicKey.existingSecret (eq .publicKey.existingSecret .privateKeys.existingSecret) }}
{{- $wrong = append $wrong "sealing.privateKeys.existingSecret is that of sealing.publicKey: use a separate Secret for the private keys" }}
{{- end }}
{{- end }}
{{- with $values.access }}
{{- if and .enabled (not .policy) (not .existingConfigMap) }}
{{- $wrong = append $wrong "access.policy is empty: write a policy (docs/access.md), set access.existingConfigMap, or set access.enabled to false" }}
{{- end }}
{{- if and .policy .existingConfigMap }}
{{- $wrong = append $wrong "access.policy and access.existingConfigMap are both set: remove one" }}
{{- end }}
{{- if and (not .enabled) (not .offIsIntended) }}
{{- $wrong = append $wrong "access.enabled is false, so anybody who reaches a port has every permission: set access.offIsIntended to true if something else restricts access" }}
{{- end }}
{{- end }}
{{- if and $values.intake.enabled (not (and $values.access.enabled $values.access.tokens)) }}
{{- $wrong = append $wrong "intake.enabled is true, and alert-intake accepts only API tokens: set access.enabled and access.tokens to true (docs/how-to/api-tokens.md)" }}
{{- end }}
{{- with $values.kafka }}
{{- if and .tls.clientCertificates (not .tls.enabled) }}
{{- $wrong = append $wrong "kafka.tls.clientCertificates needs kafka.tls.enabled" }}
{{- end }}
{{- if and (has .sasl.mechanism (list "plain" "oauthbearer")) (not .tls.enabled) }}
{{- $wrong = append $wrong (printf "kafka.sasl.mechanism is %s: the password or token would be sent in clear text; set kafka.tls.enabled" .sasl.mechanism) }}
{{- end }}
{{- if and (eq .sasl.mechanism "oauthbearer") (not .sasl.oauthTokenEndpoint) }}
{{- $wrong = append $wrong "kafka.sasl.oauthTokenEndpoint is empty: oauthbearer requires it" }}
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
{{- $wrong = append $wrong "strimzi.users log in by scram-sha-512 or client certificate: set kafka.sasl.mechanism to scram-sha-512, or to \"\" with kafka.tls.clientCertificates true" }}
{{- end }}
{{- $hooks := and $values.jobs.hooks (or $values.migrations.enabled (eq $values.topics.createdBy "job")) }}
{{- if and $hooks $values.externalSecrets.enabled }}
{{- $wrong = append $wrong "jobs.hooks is true, and hooks run before the Secrets of externalSecrets exist: set jobs.hooks to false" }}
{{- end }}
{{- if and $hooks $values.strimzi.users.enabled (eq $values.topics.createdBy "job") }}
{{- $wrong = append $wrong "jobs.hooks is true, and hooks run before the user of the topics Job exists: set jobs.hooks to false, or topics.createdBy to strimzi" }}
{{- end }}
{{- if include "pagebridge.checksTopics" . }}
{{- $elsewhere := ne .Release.Namespace (default .Release.Namespace $values.strimzi.namespace) }}
{{- if ternary $elsewhere $values.externalSecrets.enabled $values.strimzi.users.enabled }}
{{- $wrong = append $wrong "topics.strimzi.check is true, and its Job runs before the Secret of its user exists: set it to false, and check the topics before you install (docs/operate.md, Topics)" }}
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
{{- if not $hosts }}{{ $wrong = append $wrong "no service has hosts: set services.connection-management.hosts, or disable ingress and httpRoute" }}{{ end }}
{{- end }}
{{- with $values.proxy }}
{{- if and .url .existingSecret }}{{ $wrong = append $wrong "proxy.url and proxy.existingSecret are both set: remove one" }}{{ end }}
{{- if and .existingSecret $values.networkPolicy.enabled (not $values.networkPolicy.proxy.ports) }}
{{- $wrong = append $wrong "networkPolicy.proxy.ports is empty: set the port of the proxy, because its URL is in a Secret" }}
{{- end }}
{{- end }}
{{- $hasProxy := or $values.proxy.url $values.proxy.existingSecret }}
{{- $callsIssuers := or $values.access.enabled $values.console.enabled }}
{{- if and $values.networkPolicy.enabled $callsIssuers (not $values.networkPolicy.issuers.to) (not $hasProxy) }}
{{- $wrong = append $wrong "networkPolicy.issuers.to is empty: set the issuers of access.policy and of the console" }}
{{- end }}
{{- if and $values.networkPolicy.enabled $values.podMonitor.enabled (not $values.networkPolicy.scrapers) }}
{{- $wrong = append $wrong "networkPolicy.scrapers is empty, and podMonitor is enabled: name the Prometheus pods, so that they can scrape metrics" }}
{{- end }}
{{- if $values.networkPolicy.enabled }}
{{- $shut := list }}
{{- range $who, $service := include "pagebridge.services" . | fromYaml }}
{{- $hosts := default (list) $service.hosts }}
{{- if eq $who "page-history" }}{{ $hosts = concat $hosts (include "pagebridge.snapshotHosts" $ | fromYamlArray) }}{{ end }}
{{- $isRouted := and $hosts (or $values.ingress.enabled $values.httpRoute.enabled) }}
{{- if and (or $isRouted (eq $who "alert-intake")) (not (include "pagebridge.callers" (dict "root" $ "who" $who) | fromYamlArray)) }}
{{- $shut = append $shut $who }}
{{- end }}
{{- end }}
{{- if $shut }}
{{- $own := ternary " (or, for alert-intake alone, in intake.callers)" "" (has "alert-intake" $shut) }}
{{- if has "page-history" $shut }}{{ $own = print $own " (or, for snapshots alone, in pageHistory.snapshots.callers)" }}{{ end }}
{{- $wrong = append $wrong (printf "networkPolicy.callers is empty, so nobody can call %s: name the pods of the ingress controller, of the Gateway or of other callers%s" (join ", " $shut) $own) }}
{{- end }}
{{- end }}
{{- range $setting := list "cleanup.policy" "message.timestamp.type" "max.message.bytes" }}
{{- if hasKey $values.topics.strimzi.config $setting }}
{{- $wrong = append $wrong (printf "topics.strimzi.config has %s: Pagebridge sets it for each topic; remove it" $setting) }}
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
{{- $wrong = append $wrong (printf "services.page-delivery: twice WAITING_MIB, plus IDLE_ALERTS_MIB, is %d MiB, and page-delivery needs 256 MiB more, but resources.limits.memory leaves %d MiB for the heap: raise the memory limit, or lower the others" $held $heap) }}
{{- end }}
{{- end }}
{{- with $values.intake }}
{{- $held := div (mul (dig "KNOWN_ALERTS" 1000000 .config | int) 400) 1048576 }}
{{- $heap := include "pagebridge.heapMib" (dict "root" $ "resources" .resources) | int }}
{{- if and .enabled (gt (add $held 600) $heap) }}
{{- $wrong = append $wrong (printf "intake: KNOWN_ALERTS (400 bytes each) use %d MiB, and concurrent requests up to 600 MiB, but resources.limits.memory leaves %d MiB for the heap: raise the memory limit, or lower KNOWN_ALERTS" $held $heap) }}
{{- end }}
{{- end }}
{{- with $values.tests }}
{{- if .enabled }}
{{- if not (and .certificateSecret $values.extraCaSecret) }}
{{- $wrong = append $wrong "tests.enabled is true: set tests.certificateSecret, and extraCaSecret with the CA that signed it" }}
{{- end }}
{{- if and $values.access.enabled (not .token.existingSecret) }}
{{- $wrong = append $wrong "tests.token.existingSecret is empty: the test needs an admin token for tests.sourceOrg, or the client secret to request one" }}
{{- end }}
{{- end }}
{{- end }}
{{- if $wrong }}{{ fail (printf "\n- %s" (join "\n- " $wrong)) }}{{ end }}
{{- end }}
