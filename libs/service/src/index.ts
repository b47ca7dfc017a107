/** What every service does the same way: start, stop, configuration, log, health, metrics, HTTP errors, Kafka batches. */
export * from './config.ts';
export * from './data-center-catalogue.ts';
export { type CheckResult, Health, type HealthCheck } from './health.ts';
export { type ConsumerTuning, KafkaBatchServer } from './kafka-batch-server.ts';
export { counterOf, showGauge } from './metrics.ts';
export { type OpenApiInfo, openApiText } from './openapi.ts';
export { type FieldError, Problem, type ProblemDetails } from './problem.ts';
export { KAFKA_SETTINGS, LOG, ServiceModule, type ServiceOptions } from './service.module.ts';
export { CONSUMER_TUNING, createApp, endProcess, type ServiceDefinition, startService } from './start-service.ts';
export { Startup } from './startup.ts';
export { steadyClock } from './steady-clock.ts';
export { invalid } from './validation.ts';
