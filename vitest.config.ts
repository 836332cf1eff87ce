/** Where Vitest and editors look; what is run is in test/. */
export { default } from './test/vitest.config.ts';
