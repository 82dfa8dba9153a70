import eslint from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import svelte from 'eslint-plugin-svelte'
import tseslint from 'typescript-eslint'
import svelteConfig from './svelte.config.js'
import { explainedSuppressions } from './scripts/lint/explained-suppressions.mjs'

const NETWORK_MODULES = ['net', 'http', 'https', 'http2', 'dgram', 'tls', 'dns', 'dns/promises'].flatMap((name) => [
  name,
  `node:${name}`
])
const NETWORK_GLOBALS = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest', 'WebTransport', 'RTCPeerConnection']

const nodeGlobals = Object.fromEntries(
  ['Buffer', 'URL', 'console', 'performance', 'process', 'setTimeout'].map((name) => [name, 'readonly'])
)

const banned = (names, message) => names.map((name) => ({ name, message }))

const noNetwork = {
  'no-restricted-imports': [
    'error',
    { paths: banned(NETWORK_MODULES, 'Nothing leaves this PC: network modules belong to shell/loopback.') }
  ],
  'no-restricted-globals': ['error', ...banned(NETWORK_GLOBALS, 'Nothing leaves this PC.')],
  'no-restricted-properties': [
    'error',
    ...NETWORK_GLOBALS.map((property) => ({ object: 'globalThis', property, message: 'Nothing leaves this PC.' }))
  ]
}

/** What reads or writes a file's content. */
const PLAIN_FILES = ['open', 'readFile', 'writeFile', 'appendFile', 'copyFile', 'createReadStream', 'createWriteStream'].flatMap(
  (name) => (name.startsWith('create') ? [name] : [name, `${name}Sync`])
)
const sealed =
  "The data folder may be encrypted: base/sealed/fs.ts reads and writes there (docs/decisions/0009). A file that is never the person's own states so."

const noPlainFiles = {
  'no-restricted-imports': [
    'error',
    {
      paths: [
        ...noNetwork['no-restricted-imports'][1].paths,
        ...['node:fs', 'node:fs/promises'].map((name) => ({ name, importNames: PLAIN_FILES, message: sealed }))
      ]
    }
  ]
}

const noBridge = (names) => ({
  selector: `ImportDeclaration[source.value='electron'] > ImportSpecifier[imported.name=/^(?:${names.join('|')})$/]`,
  message: 'Raw IPC has one file on each side: src/main/ipc/register.ts and src/preload/index.ts.'
})

/** Syntax that no file of ours may contain. The list is repeated whole where a folder adds to it, since rules replace each other. */
const syntax = [
  { selector: 'ExportDefaultDeclaration', message: 'Name what you export.' },
  { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
  noBridge(['ipcMain', 'ipcRenderer'])
]

const drawn = 'Every draw comes from the seeded generator (base/random.ts), so that a run can be repeated bit for bit.'
const timed = 'A run must not depend on the clock; to measure a duration use performance.now().'

export default defineConfig(
  globalIgnores(['out/', 'dist/', 'runs/', 'coverage/', '.cache/', 'test/fixtures/', 'src/main/engine/graph/onnx/generated/']),
  {
    plugins: { attune: { rules: { 'explained-suppressions': explainedSuppressions } } },
    linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' },
    rules: { 'attune/explained-suppressions': 'error' }
  },
  eslint.configs.recommended,
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 400 }],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-script-url': 'error'
    }
  },
  {
    files: ['**/*.ts', '**/*.svelte'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.node.json', './tsconfig.renderer.json'],
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte']
      }
    },
    rules: {
      'no-restricted-syntax': ['error', ...syntax],
      '@typescript-eslint/ban-ts-comment': ['error', { minimumDescriptionLength: 10 }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Numbers in a message are the rule here, not the exception: shapes, rows, bytes.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `() => list.push(x)` is readable; what matters is that no promise floats.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Shapes and typed arrays are indexed under noUncheckedIndexedAccess; the assertion states what the loop already shows.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // A port's methods are async by contract, whether or not this implementation waits.
      '@typescript-eslint/require-await': 'off',
      // Type parameters that appear once carry the shape of a unit through defineX.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      // A unit without options derives `{}` from its empty declaration, and that is what it means.
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      // Code points are what the tokenizers and the sample's generators count in.
      '@typescript-eslint/no-misused-spread': 'off',
      // A third of the whole lint's time between them, for classes and enums that this house hardly has, and for an editor's hint.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-deprecated': 'off'
    }
  },
  {
    files: ['src/main/**/*.ts', 'src/preload/**/*.ts', 'src/renderer/**'],
    // The loopback shell, and the page's end of it, are the only places that speak HTTP: to this machine.
    ignores: ['src/main/shell/loopback/**', 'src/renderer/src/lib/loopback-bridge.ts'],
    rules: noNetwork
  },
  {
    files: ['src/main/**/*.ts'],
    // These hold what must be read before there is a key, or do the sealing.
    ignores: ['src/main/base/**', 'src/main/shell/**', 'src/main/vault/**', 'src/main/*.ts'],
    rules: noPlainFiles
  },
  {
    files: ['src/main/engine/**/*.ts', 'src/main/base/**/*.ts', 'src/main/data/**/*.ts', 'src/main/config/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: drawn },
        { object: 'Date', property: 'now', message: timed },
        ...noNetwork['no-restricted-properties'].slice(1)
      ],
      'no-restricted-syntax': [
        'error',
        ...syntax,
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: timed }
      ]
    }
  },
  {
    files: ['src/main/ipc/register.ts', 'src/preload/index.ts'],
    rules: { 'no-restricted-syntax': ['error', ...syntax.slice(0, -1)] }
  },
  {
    // A migration is one file with one default-exported function (style.md 5).
    files: ['src/main/tracker/migrations/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...syntax.slice(1)] }
  },
  svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
    rules: {
      'svelte/no-at-html-tags': 'error',
      'svelte/no-target-blank': 'error',
      'svelte/require-each-key': 'error',
      // Maps and sets here are payloads in $state.raw, replaced whole, or nothing that a view reads (style.md 5).
      'svelte/prefer-svelte-reactivity': 'off',
      // The compiler and svelte-check know every name used in markup.
      'no-undef': 'off'
    }
  },
  {
    // What a component hands to its callbacks and snippets is `any` to this parser; svelte-check holds it to its type.
    files: ['**/*.svelte'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // A type parameter of a component is `unknown` to it.
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off'
    }
  },
  {
    // A test reaches into odd corners on purpose: it still may not float a promise or use `any`.
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      // Tables of cases are long and want to be read in one place.
      'max-lines': ['error', { max: 600 }],
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off'
    }
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: { globals: nodeGlobals }
  },
  {
    // Tools ask for a default export.
    files: ['*.config.{js,ts}', '*.mjs', '.*.mjs'],
    rules: { 'no-restricted-syntax': ['error', ...syntax.slice(1)] }
  }
)
