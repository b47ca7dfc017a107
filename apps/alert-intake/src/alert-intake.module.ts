import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { maxValueBytes } from '@pagebridge/contracts';
import { publisherProvider, ServiceModule, tableViewProvider } from '@pagebridge/service';
import { Admission } from './callers/admission.ts';
import { Answers } from './callers/answers.ts';
import { Bodies } from './callers/bodies.ts';
import { CallerGuard } from './callers/caller.guard.ts';
import type { AlertIntakeConfig } from './config.ts';
import { EpisodeTable } from './episodes/episode-table.ts';
import { Lifetime } from './lifetime.ts';
import { Intake } from './sending/intake.ts';
import { IntakeMetrics } from './sending/intake-metrics.ts';
import { Letters } from './sending/letters.ts';
import { AlertmanagerController } from './sources/alertmanager/alertmanager.controller.ts';
import { CloudEventsController } from './sources/cloudevents/cloudevents.controller.ts';
import { DatadogController } from './sources/datadog/datadog.controller.ts';
import { GrafanaController } from './sources/grafana/grafana.controller.ts';
import { PagerDutyController } from './sources/pagerduty/pagerduty.controller.ts';
import { PlainAlertsController } from './sources/plain/plain-alerts.controller.ts';
import { Tables, tableCards } from './tables.ts';
import { TestPagesController } from './test-pages/test-pages.controller.ts';
import { TestPages } from './test-pages/test-pages.ts';
import { FairTurns, ParsingTurns } from './turns/fair-turns.ts';

@Module({})
export class AlertIntakeModule {
  static forRoot(config: AlertIntakeConfig): DynamicModule {
    return {
      module: AlertIntakeModule,
      imports: [ServiceModule.forRoot({ name: 'alert-intake', config, carriesPages: true, requiresTokens: true })],
      controllers: [
        AlertmanagerController,
        CloudEventsController,
        DatadogController,
        GrafanaController,
        PagerDutyController,
        PlainAlertsController,
        TestPagesController,
      ],
      providers: [
        Admission,
        Answers,
        Bodies,
        { provide: EpisodeTable, useFactory: () => new EpisodeTable(config.KNOWN_ALERTS) },
        FairTurns,
        Intake,
        IntakeMetrics,
        Letters,
        Lifetime,
        ParsingTurns,
        // A CloudEvent passes as it is, up to what page-routing reads.
        publisherProvider({ maxRecordBytes: maxValueBytes + 64 * 1024 }),
        tableViewProvider(tableCards, Tables),
        Tables,
        TestPages,
        { provide: APP_GUARD, useClass: CallerGuard },
      ],
    };
  }
}
