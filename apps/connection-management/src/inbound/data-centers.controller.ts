import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Requires } from '@pagebridge/service';
import type { DataCenters } from '../application/ports.ts';
import { DATA_CENTERS } from '../tokens.ts';
import { DataCenterListAnswer } from './dto/data-center-answers.ts';

@ApiTags('data centers')
@Controller('v1/data-centers')
export class DataCentersController {
  constructor(@Inject(DATA_CENTERS) private readonly dataCenters: DataCenters) {}

  @Requires('connections:read', 'none')
  @Get()
  @ApiOperation({ summary: 'List the data centers of destinations' })
  @ApiResponse({ status: 200, type: DataCenterListAnswer, description: 'Complete catalogue.' })
  list(): DataCenterListAnswer {
    return { items: [...this.dataCenters.values()] };
  }
}
