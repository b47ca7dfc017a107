import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

export interface OpenApiInfo {
  readonly title: string;
  readonly description: string;
}

/** The OpenAPI document of an application's controllers, as `/openapi.json` serves it. */
export function openApiOf(app: INestApplication, info: OpenApiInfo): OpenAPIObject {
  const builder = new DocumentBuilder().setTitle(info.title).setDescription(info.description).setVersion('1');
  return SwaggerModule.createDocument(app, builder.build());
}

export function serveOpenApi(app: INestApplication, info: OpenApiInfo): void {
  SwaggerModule.setup('openapi', app, () => openApiOf(app, info), { jsonDocumentUrl: 'openapi.json', ui: false });
}
