// Who may import whom: the table of style.md 4.1, and the only copy of it that a machine reads.
// It is an allow-list: an edge that no row permits is an error. Rows are added here by a decision, not to make a build pass.

const NETWORK = ['node:net', 'node:http', 'node:https', 'node:http2', 'node:dgram', 'node:tls', 'node:dns', 'node:dns/promises']

/** A folder or file of the tree, as a pattern on paths from the repository's root. */
const tree = (path) => (path.endsWith('.ts') ? `^src/${path.replaceAll('.', '\\.')}$` : `^src/${path}/`)
const packages = (...names) => `(?:^|/)node_modules/(?:${names.join('|').replaceAll('.', '\\.')})/`
const anyOf = (patterns) => patterns.join('|')

const engine = (...folders) => folders.map((folder) => `main/engine/${folder}`)

/** One row: the files of `folder` may import themselves, `may`, the npm `packages` and, unless `builtins` is false, Node's modules. */
function row(folder, { may = [], types = [], uses = [], builtins = true, except } = {}) {
  const from = { path: tree(folder), ...(except && { pathNot: except }) }
  const targets = [tree(folder), ...may.map(tree), ...(uses.length > 0 ? [packages(...uses)] : [])]
  const rules = [{ from, to: { path: anyOf(targets), ...(except && { pathNot: except }) } }]
  if (types.length > 0) rules.push({ from, to: { path: anyOf(types.map(tree)), dependencyTypes: ['type-only'] } })
  if (builtins) rules.push({ from, to: { dependencyTypes: ['core'], pathNot: anyOf(NETWORK.map(plain)) } })
  return rules
}

const plain = (name) => `^${name.replace('node:', '(?:node:)?')}$`

/**
 * A folder of sibling units (`architectures`, `peft`, `tasks`): a unit imports its own files and the files that lie directly in
 * the folder, never a sibling, and never the list of units; only `index.ts` names them all.
 */
function units(folder, may, types = []) {
  const root = `^src/${folder}/`
  const shared = `${root}(?!index\\.ts$)[^/]+\\.ts$`
  const beneath = may.map(tree)
  return [
    { from: { path: `${root}([^/]+)/` }, to: { path: anyOf([`${root}$1/`, shared, ...beneath]) } },
    { from: { path: shared }, to: { path: anyOf([shared, ...beneath]) } },
    { from: { path: `${root}index\\.ts$` }, to: { path: anyOf([root, ...beneath]) } },
    ...types.map((name) => ({ from: { path: root }, to: { path: tree(name), dependencyTypes: ['type-only'] } }))
  ]
}

const CONTRACT = 'preload/contract'
const OPTIONS = '^src/main/engine/.*/options\\.ts$'

const allowed = [
  ...row('main/base', { except: '^src/main/base/options\\.ts$' }),
  // The vocabulary in which options are declared once (style.md 6): schema, default, range and help.
  { from: { path: '^src/main/base/options\\.ts$' }, to: { path: anyOf([tree('main/base'), packages('zod')]) } },
  { from: { path: tree('main/base') }, to: { path: '^src/main/base/options\\.ts$' } },

  ...row('main/engine/graph', { may: ['main/base'], builtins: false }),
  ...row('main/engine/graph/onnx', { may: engine('graph').concat('main/base'), uses: ['@bufbuild/protobuf'] }),
  ...row('main/engine/autodiff', { may: engine('graph').concat('main/base'), builtins: false }),
  ...row('main/engine/blocks', { may: engine('graph').concat('main/base'), builtins: false }),
  ...row('main/engine/optimizers', { may: engine('graph').concat('main/base'), builtins: false }),
  ...units('main/engine/architectures', engine('blocks', 'graph').concat('main/base')),
  ...units('main/engine/tasks', engine('blocks', 'graph').concat('main/base')),
  // A method is handed the scope of its site: it knows that type, not how a block is built (design.md 4.12).
  ...units('main/engine/peft', engine('graph', 'weights').concat('main/base'), engine('blocks')),
  ...row('main/engine/text', { may: ['main/base'], uses: ['@anush008/tokenizers'] }),
  ...row('main/engine/weights', { may: ['main/base'] }),
  ...row('main/engine/runtime', { may: ['main/base'], types: engine('graph'), uses: ['koffi', 'onnxruntime-node'] }),
  ...row('main/engine/evaluation', { may: ['main/base'], builtins: false }),
  ...row('main/engine/training', { may: ['main/engine', 'main/base'] }),

  // `config` too (docs/decisions/0006): the trainer reads run.yaml itself, so that a run does not depend on who started it.
  // `devices` (0058): what this machine's devices did when they were tried, which an automatic choice and a report's cost go by.
  ...row('main/worker', {
    may: ['main/engine', 'main/data', 'main/devices', 'main/export', 'main/config', 'main/report', 'main/base']
  }),
  ...row('main/config', { may: ['main/base'], types: ['main/engine', CONTRACT], uses: ['yaml', 'zod'] }),
  ...row('main/report', { may: ['main/base'], types: ['main/engine', CONTRACT] }),
  { from: { path: '^src/main/(?:config|report)/' }, to: { path: OPTIONS } },
  ...row('main/data', {
    may: engine('text', 'weights', 'architectures').concat('main/base'),
    types: [CONTRACT],
    uses: [
      ...['csv-parse', 'libphonenumber-js', 'read-excel-file', 'write-excel-file', 'zod'],
      // Documents and Parquet (docs/decisions/0032), languages (0038).
      ...['apache-arrow', 'eld', 'hyparquet', 'hyparquet-compressors', 'mammoth', 'parse5-sax-parser', 'postal-mime', 'unpdf'],
      ...['yauzl', 'yazl']
    ]
  }),
  // model-folder.ts recognises a model and checks its tensors; the trainer opens models with the same function.
  ...row('main/library', {
    may: engine('text', 'weights', 'architectures', 'training/model-folder.ts').concat('main/base'),
    types: [CONTRACT],
    uses: ['zod']
  }),
  ...row('main/tracker', { may: ['main/base'], types: [CONTRACT], uses: ['better-sqlite3', 'kysely'] }),
  // The keys of a data folder.
  ...row('main/vault', { may: ['main/base'], uses: ['zod'] }),
  // Projects, the bin, tags, notes and the audit log: what was made, done and thrown away.
  ...row('main/record', { may: ['main/base', 'main/tracker'], types: [CONTRACT] }),
  // The data folder as a whole: copies of it, another place for it.
  ...row('main/storage', { may: ['main/base', 'main/vault'], types: [CONTRACT], uses: ['zod'] }),
  // Packs (docs/decisions/0026).
  ...row('main/export', {
    may: ['main/base', 'main/engine', 'main/report'],
    uses: ['age-encryption', '@noble/ciphers', 'yauzl', 'yazl']
  }),
  // The CUDA pack is a zip (docs/decisions/0047).
  ...row('main/devices', {
    may: ['main/base', 'main/engine/runtime'],
    types: ['main/config', 'main/worker/protocol.ts'],
    uses: ['yauzl', 'zod']
  }),
  ...row('main/runs', {
    may: ['main/base', 'main/data', 'main/library', 'main/tracker', 'main/worker/protocol.ts'],
    types: [CONTRACT]
  }),
  // A tested run looked at again (docs/decisions/0013): from its folder, without the model.
  ...row('main/results', {
    may: ['main/base', 'main/data', 'main/engine/evaluation', 'main/report', 'main/tracker', 'main/worker/protocol.ts'],
    types: ['main/runs', CONTRACT]
  }),
  ...row('main/ipc', { may: ['main/base'], types: [CONTRACT, 'main'], uses: ['zod'] }),
  { from: { path: tree('main/ipc/register.ts') }, to: { path: packages('electron') } },
  // It starts trainers in its own way, to the port that `runs` declares (docs/decisions/0010).
  ...row('main/shell/electron', {
    may: ['main/ipc', 'main/base', 'main/runs/trainer-process.ts'],
    types: [CONTRACT, 'main/worker/protocol.ts'],
    uses: ['electron']
  }),
  ...row('main/shell/loopback', { may: ['main/ipc', 'main/base'], uses: ['ws'] }),
  { from: { path: tree('main/shell/loopback') }, to: { dependencyTypes: ['core'] } },
  // What both shells share (spawning the worker, paths) knows neither of them.
  { from: { path: '^src/main/shell/[^/]+\\.ts$' }, to: { path: anyOf(['^src/main/shell/[^/]+\\.ts$', tree('main/base')]) } },
  { from: { path: '^src/main/shell/(?:electron|loopback)/' }, to: { path: '^src/main/shell/[^/]+\\.ts$' } },
  { from: { path: '^src/main/shell/handles\\.ts$' }, to: { path: tree('main/ipc/define.ts'), dependencyTypes: ['type-only'] } },
  { from: { path: '^src/main/shell/[^/]+\\.ts$' }, to: { dependencyTypes: ['core'], pathNot: anyOf(NETWORK.map(plain)) } },

  // The composition roots, and what both of them build: the services behind the routes.
  { from: { path: tree('main/services') }, to: { path: '^src/main/(?!shell/electron/|index\\.ts$|cli\\.ts$|cli/)' } },
  { from: { path: tree('main/services') }, to: { path: tree(CONTRACT), dependencyTypes: ['type-only'] } },
  { from: { path: tree('main/services') }, to: { dependencyTypes: ['core'], pathNot: anyOf(NETWORK.map(plain)) } },
  { from: { path: tree('main/services') }, to: { path: packages('zod') } },
  { from: { path: '^src/main/index\\.ts$' }, to: { path: anyOf([tree('main'), packages('electron')]) } },
  { from: { path: '^src/main/cli\\.ts$' }, to: { path: anyOf(['^src/main/(?!shell/electron/)', '^package\\.json$']) } },
  // The commands are the command line's own parts: nothing but `cli.ts` imports them.
  { from: { path: tree('main/cli') }, to: { path: '^src/main/(?!shell/electron/|index\\.ts$|cli\\.ts$)' } },
  {
    from: { path: '^src/main/(?:index\\.ts$|cli\\.ts$|cli/)' },
    to: { dependencyTypes: ['core'], pathNot: anyOf(NETWORK.map(plain)) }
  },

  ...row(CONTRACT, { builtins: false }),
  { from: { path: '^src/preload/' }, to: { path: anyOf([tree(CONTRACT), packages('electron')]) } },
  ...row('renderer', { types: [CONTRACT], uses: ['svelte', 'uplot', 'bits-ui', '@lucide/svelte'], builtins: false })
].map(oneUnit)

/** `$1` in a target is the unit's own folder; a contract may not be reached through `src/preload` itself. */
function oneUnit(rule) {
  return rule.from.path === '^src/preload/' ? { ...rule, from: { path: '^src/preload/[^/]+\\.ts$' } } : rule
}

/** What the allow-list already refuses, named once more so that the message says which promise is broken. */
const forbidden = [
  {
    name: 'no-cycles',
    severity: 'error',
    comment: 'Modules that import each other cannot be read or tested apart.',
    from: { path: '^src/' },
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }
  },
  {
    name: 'engine-knows-no-shell',
    severity: 'error',
    comment: 'The engine runs headless in plain Node: it never learns that Electron or SQLite exist.',
    from: { path: '^src/main/(?:engine|base)/' },
    to: { path: packages('electron', 'better-sqlite3', 'kysely') }
  },
  {
    name: 'siblings-stay-strangers',
    severity: 'error',
    comment: 'Architectures, tasks and methods never learn of each other.',
    from: { path: '^src/main/engine/(architectures|tasks|peft)/([^/]+)/' },
    to: { path: '^src/main/engine/(?:architectures|tasks|peft)/[^/]+/', pathNot: '^src/main/engine/$1/$2/' }
  },
  {
    name: 'runtime-alone-loads-native-code',
    severity: 'error',
    comment: 'Only engine/runtime touches ONNX Runtime: it refuses to load it with telemetry on.',
    from: { path: '^src/', pathNot: '^src/main/engine/runtime/' },
    to: { path: packages('koffi', 'onnxruntime-node', 'onnxruntime-common') }
  },
  {
    name: 'no-network',
    severity: 'error',
    comment: 'Nothing leaves this PC: network modules belong to the loopback shell alone.',
    from: { path: '^src/', pathNot: '^src/main/shell/loopback/' },
    to: { dependencyTypes: ['core'], path: anyOf(NETWORK.map(plain)) }
  },
  {
    name: 'renderer-knows-no-main',
    severity: 'error',
    comment: 'The page is sandboxed: it knows the contract and nothing behind it.',
    from: { path: '^src/renderer/' },
    to: { path: '^src/(?:main|preload/[^/]+\\.ts$)' }
  },
  {
    name: 'no-development-code',
    severity: 'error',
    comment: 'The product imports neither tests nor scripts nor development packages.',
    from: { path: '^src/main/' },
    to: { path: '^(?:test|scripts|bench)/' }
  },
  {
    name: 'resolvable',
    severity: 'error',
    comment: 'An import that leads nowhere.',
    from: { path: '^src/' },
    to: { couldNotResolve: true }
  }
]

export default {
  forbidden,
  allowed,
  allowedSeverity: 'error',
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.node.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'svelte', 'types', 'default'] },
    builtInModules: { add: ['node:sqlite'] }
  }
}
