/** Where ESLint and editors look; the rules are in test/lint. */
export { default } from './test/lint/eslint.config.mjs';
