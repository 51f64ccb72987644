import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

import svelteConfig from './svelte.config.js';

/** What a log, a file or a backup says must not act on a terminal: see src-main/terminal/terminal.ts. */
const oneDoor = [
  {
    selector: "MemberExpression[object.name='process'][property.name=/^(stdin|stdout|stderr)$/]",
    message: 'Print through src-main/terminal/terminal.ts, which makes text safe.',
  },
  {
    selector: 'ImportDeclaration[source.value=/^(node:)?(readline|process|console)/]',
    message: 'Print and ask through src-main/terminal/terminal.ts, which makes text safe.',
  },
  {
    selector: 'CallExpression[callee.name=/^(writeSync|writeFileSync)$/][arguments.0.value=/^[12]$/]',
    message: 'Print through src-main/terminal/terminal.ts, which makes text safe.',
  },
];

/** A spread of a literal switches the check for unknown properties off: a misspelt one would compile. */
const noLiteralSpread = {
  selector: 'ObjectExpression > SpreadElement > ObjectExpression.argument',
  message: 'Write the properties plainly: in a spread literal the compiler does not see one that is misspelt.',
};

export default defineConfig(
  { ignores: ['out/', 'dist/', 'models/kernels/assembly/', 'node_modules/'] },
  js.configs.recommended,
  { rules: { 'no-restricted-syntax': ['error', noLiteralSpread] } },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['**/*.ts', '**/*.svelte'],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        extraFileExtensions: ['.svelte'],
        project: ['models/tsconfig.json', 'src-main/tsconfig.json', 'src-renderer/tsconfig.json', 'test/tsconfig.json'],
      },
    },
    rules: {
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // Indexing typed arrays in kernels: the bound is the loop's, and `?? 0` there would cost what it protects.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/prefer-for-of': 'off',
    },
  },
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { globals: globals.browser, parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      // What the linter sees of an imported component is `any`; svelte-check knows better.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // `void x` in an effect names what it depends on.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // A space at an end of a line would be lost.
      'svelte/no-useless-mustaches': 'off',
      // A snippet that takes nothing stands beside others that take the field's attributes.
      'svelte/no-useless-children-snippet': 'off',
      // The window goes by its hash; there are no routes that a resolver knows.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  {
    files: ['models/**/*.ts', 'src-main/simulate/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'models/ and simulate/ have no clock: pass the time in.' },
        { object: 'Math', property: 'random', message: 'models/ and simulate/ are repeatable: pass a seed in.' },
        { object: 'performance', property: 'now', message: 'models/ and simulate/ have no clock: pass the time in.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'models/ and simulate/ have no clock: pass the time in.',
        },
        noLiteralSpread,
        ...oneDoor,
      ],
      'no-console': 'error',
    },
  },
  {
    files: ['src-main/**/*.ts'],
    ignores: ['src-main/terminal/**', 'src-main/simulate/**'],
    rules: { 'no-console': 'error', 'no-restricted-syntax': ['error', noLiteralSpread, ...oneDoor] },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
    },
  },
);
