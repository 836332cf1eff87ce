/**
 * Lint rules. Formatting is prettier's; import rules with their reasons are in import-rules.cjs.
 */
import { resolve } from 'node:path';
import { defineConfig } from 'eslint/config';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

const NO_ENUM = {
  selector: 'TSEnumDeclaration',
  message: 'Use a const object: sources run with types stripped.',
};

/** Rows of SQL are what a file says, and a file may be damaged: see src-main/store/read/checked-rows.ts. */
const NO_CAST_ROW = {
  selector: 'TSAsExpression > CallExpression[callee.property.name=/^(all|iterate)$/]',
  message: 'Read rows with checkedRows or eachCheckedRow, which look at them.',
};
const NO_CAST_FIRST_ROW = {
  selector:
    "TSAsExpression > CallExpression[callee.property.name='get'][callee.object.callee.property.name=/^(prepare|raw|pluck)$/]",
  message: 'Read a row with checkedRow, which looks at it.',
};

/** What a module keeps between calls is hidden from its callers: give it to an object that they hold. */
const NO_HIDDEN_STATE = [
  {
    selector:
      "Program > VariableDeclaration[kind='let'], Program > ExportNamedDeclaration > VariableDeclaration[kind='let']",
    message: 'A module keeps no state: put it into an object that its users hold.',
  },
  {
    selector:
      'Program > VariableDeclaration > VariableDeclarator:not([id.typeAnnotation]) > NewExpression[callee.name=/^(Map|Set|WeakMap|WeakSet)$/][arguments.length=0]',
    message:
      'A module keeps no state: an empty collection is filled later. Put it into an object that its users hold.',
  },
];
/** Each is a program of its own (a thread, a process, a page), whose state is that of its run. */
const PROGRAMS = [
  'src-main/**/*-thread.ts',
  'src-main/**/*-process.ts',
  'src-main/hosts/electron/preload.ts',
  // Signals are the process's, whoever listens.
  'src-main/hosts/end-signals.ts',
  // A window shows one trace, whose clock has one unit.
  'src-renderer/trace-data/format-time.ts',
  'src-main/store/testing/*.ts',
];

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
      'no-restricted-syntax': ['error', NO_ENUM],
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
    files: ['src-shared/**/*.ts', 'src-main/**/*.ts', 'src-renderer/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', NO_ENUM, NO_CAST_ROW, NO_CAST_FIRST_ROW, ...NO_HIDDEN_STATE] },
  },
  {
    files: PROGRAMS,
    rules: { 'no-restricted-syntax': ['error', NO_ENUM, NO_CAST_ROW, NO_CAST_FIRST_ROW] },
  },
  {
    // More than five and a caller mixes them up: rows travel as (columns, row), the rest as named fields.
    files: ['src-shared/**/*.ts', 'src-main/**/*.ts', 'test/**/*.ts'],
    // Functions of the kernel and of libc have the parameters of the C.
    ignores: ['src-main/emulator/kernel/**', 'src-main/emulator/libc/**'],
    rules: { '@typescript-eslint/max-params': ['error', { max: 5 }] },
  },
  {
    files: ['**/*.test.ts', 'test/**'],
    rules: { '@typescript-eslint/no-floating-promises': ['error'] },
  },
);
