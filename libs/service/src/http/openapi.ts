import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { withProblems } from '../problems/documented-problems.ts';
import { ProblemAnswer } from '../problems/problem-answer.ts';

export interface OpenApiInfo {
  readonly title: string;
  readonly description: string;
  /** The class of its problems, named `ProblemAnswer`, if they have members of their own. */
  readonly problem?: Type<ProblemAnswer>;
}

/** Returns the OpenAPI document of an application's controllers, as `/openapi.json` serves it. */
export function openApiOf(
  app: INestApplication,
  { title, description, problem = ProblemAnswer }: OpenApiInfo,
): OpenAPIObject {
  const config = new DocumentBuilder().setTitle(title).setDescription(description).setVersion('1').build();
  return withProblems(SwaggerModule.createDocument(app, config, { extraModels: [problem] }));
}

/** Returns the document as text without starting the module: in preview mode Nest reads decorators and creates no instances. */
export async function openApiText(
  module: Parameters<typeof NestFactory.create>[0],
  info: OpenApiInfo,
): Promise<string> {
  const app = await NestFactory.create(module, { preview: true, abortOnError: false, logger: false });
  return `${JSON.stringify(openApiOf(app, info), null, 2)}\n`;
}

/** Serves the document to everyone, without the access guard: it describes the routes and holds no secrets. */
export function serveOpenApi(app: INestApplication, info: OpenApiInfo): void {
  SwaggerModule.setup('openapi', app, () => openApiOf(app, info), { jsonDocumentUrl: 'openapi.json', ui: false });
}
