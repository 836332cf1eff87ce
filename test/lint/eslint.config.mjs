/**
 * Lint rules. Formatting is prettier's; import rules with their reasons are in import-rules.cjs.
 */
import { resolve } from 'node:path';
import { defineConfig } from 'eslint/config';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

export default defineConfig(
  { ignores: ['dist/**', 'node_modules/**', 'release/**', 'test-results/**', '**/*.cjs'] },
  {
    files: ['**/*.ts', '**/*.vue', '**/*.mjs'],
    extends: [tseslint.configs.recommendedTypeChecked, vue.configs['flat/recommended']],
    languageOptions: {
      parserOptions: {
        parser: tseslint.parser,
        tsconfigRootDir: resolve(import.meta.dirname, '../..'),
        project: [
          'src-shared/tsconfig.json',
          'src-shared/tsconfig.test.json',
          'src-main/tsconfig.json',
          'src-main/tsconfig.test.json',
          'src-main/emulator/tsconfig.json',
          'src-main/emulator/tsconfig.test.json',
          'src-renderer/tsconfig.json',
          'src-renderer/tsconfig.test.json',
          'test/tsconfig.json',
        ],
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      // noUncheckedIndexedAccess makes every typed-array read `number | undefined`; `!` states the bound.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Without await, async still turns what is thrown into a rejection, as callers of a promise expect.
      '@typescript-eslint/require-await': 'off',
      eqeqeq: 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a const object: sources run with types stripped.' },
      ],
      'vue/multi-word-component-names': 'off',
      'vue/no-v-html': 'error',
      // Prettier formats; these would fight it.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/attributes-order': 'off',
    },
  },
  {
    files: ['**/*.test.ts', 'test/**'],
    rules: { '@typescript-eslint/no-floating-promises': ['error'] },
  },
);
