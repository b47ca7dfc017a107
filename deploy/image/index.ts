/** Builds the image of all services and programs. */
export { Engine, engineNames } from './engine.ts';
export { buildImage, type Image } from './image.ts';
export { programs } from './programs.js';
export { installedIn } from './sbom/image-sbom.ts';
export { neededBy, type Sbom } from './sbom/production.ts';
