import { deadLetterSources, replayableTopics } from '../domain/letter.ts';

export const help = `Usage: dead-letters <command> [options] (in a checkout: npm run -s dead-letters -- <command> [options])

Lists dead letters and sends them again. Never deletes anything.

Commands:
  list      dead letters by topic and reason: how many, oldest, newest
  show      dead letters in full, with headers and value
  replay    sends dead letters again, after a preview of which are sent and why the others are not

Which dead letters:
  --topic <topic>       ${replayableTopics.join(' or ')},
                        or in short: alerts, page-commands. list and show: default all, also
                        ${deadLetterSources.filter((topic) => !replayableTopics.includes(topic)).join(', ')}
                        and, by its name, the topic that a source org owns: paging.org-alerts.v1.<org>
  --reason <word>       as list shows it; may be repeated
  --since <time>        parked at or after: RFC 3339, or how long ago: 90s 30m 4h 7d
  --until <time>        parked before
  --record-key <key>    <sourceOrg>/<alertKey>, or its beginning and *
  --partition <n>       of the dead-letter topic
  --offset <n>          with --partition: one dead letter

How:
  --dry-run             replay: only the preview
  --actor <name>        replay: who sends them, for the audit; default PAGEBRIDGE_ACTOR. Required without --dry-run
  --yes                 replay: do not ask for confirmation; needed without a terminal
  --page-anew           replay of page-commands: create a new page, even where an open one would be joined
  --max-batch-mib <n>   replay: open parked batches, with at most so many MiB of records each (1 to 2048)
  --rate <n>            replay: at most so many a second (default 100)
  --limit <n>           show: at most so many (default 20)
  --json                one JSON document on stdout
  --brokers <list>      host:port,…; default KAFKA_BROKERS, else the stack that npm start runs, as
                        its user dead-letters where it is secure
  -h, --help            this text

Examples:
  dead-letters list
  dead-letters show --topic page-commands --reason rejected --since 4h
  dead-letters replay --topic page-commands --reason rejected --since 4h --dry-run
  dead-letters replay --topic alerts --record-key 'acme-us/*' --actor ada --yes --json | jq .counts
  dead-letters replay --topic alerts --reason undecodable-batch --max-batch-mib 256 --dry-run

The preview predicts the effect of each replay from page-delivery's ledger: routed anew (an alert), a new attempt to
page the team, joined to an open page (nobody is paged again), or the resolve of its alert's pages.

Skipped: already replayed (replayed); cannot be decoded under the present contract (unreadable); a parked batch without
--max-batch-mib (batch); the originals are only in their own topic (stub, show names the place); parked longer ago than its
topic keeps records (too-old); its alert has recovered (recovered); older than another one of the same alert and team
(collapsed); its page was not given up (not-given-up).

Exit codes: 0 done, also with nothing to do · 1 failed, or Kafka refuses a replay permanently · 2 wrong usage · 3 show found
nothing · 5 Kafka does not answer, or only a part was sent: run the command again, it sends the rest

Data goes to stdout, messages to stderr; NO_COLOR is honoured; tables on a terminal, else tab-separated lines.
`;
