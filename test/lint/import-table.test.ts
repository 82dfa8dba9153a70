import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const run = promisify(execFile)

interface Violation {
  readonly from: string
  readonly to: string
  readonly rule: { readonly name: string }
}

/** Cruises `src` beneath `folder` with the project's own rules. */
async function cruise(folder: string): Promise<readonly Violation[]> {
  const tool = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
  const args = [tool, '--config', join(folder, '.dependency-cruiser.mjs'), '--output-type', 'json', 'src']
  const options = { cwd: folder, maxBuffer: 1 << 28 }
  // The tool ends with the number of its violations; what it printed is on the error then.
  const { stdout } = await run(process.execPath, args, options).catch((error: unknown) => error as { stdout: string })
  const report = JSON.parse(stdout) as { summary: { violations: readonly Violation[] } }
  return report.summary.violations
}

type Edge = readonly [from: string, to: string, kind?: 'type']

const permitted: readonly Edge[] = [
  ['src/main/base/files.ts', 'node:fs'],
  ['src/main/base/options.ts', 'zod'],
  ['src/main/engine/graph/builder.ts', 'src/main/base/assert.ts'],
  ['src/main/engine/graph/onnx/write.ts', '@bufbuild/protobuf'],
  ['src/main/engine/autodiff/walk.ts', 'src/main/engine/graph/builder.ts'],
  ['src/main/engine/architectures/bert/index.ts', 'src/main/engine/blocks/linear.ts'],
  ['src/main/engine/architectures/bert/tensors.ts', 'src/main/engine/architectures/define-architecture.ts'],
  ['src/main/engine/architectures/index.ts', 'src/main/engine/architectures/bert/index.ts'],
  ['src/main/engine/peft/lora/options.ts', 'src/main/base/options.ts'],
  ['src/main/engine/peft/lora/index.ts', 'src/main/engine/weights/initializers.ts'],
  ['src/main/engine/peft/define-method.ts', 'src/main/engine/blocks/scope.ts', 'type'],
  ['src/main/engine/runtime/library.ts', 'koffi'],
  ['src/main/engine/runtime/binding.ts', 'onnxruntime-node'],
  ['src/main/engine/runtime/port.ts', 'src/main/engine/graph/types.ts', 'type'],
  ['src/main/engine/text/tokenizer.ts', '@anush008/tokenizers'],
  ['src/main/engine/training/loop.ts', 'src/main/engine/architectures/index.ts'],
  ['src/main/config/schema.ts', 'src/main/engine/peft/lora/options.ts'],
  ['src/main/config/schema.ts', 'yaml'],
  ['src/main/data/csv.ts', 'csv-parse'],
  ['src/main/worker/trainer.ts', 'src/main/engine/training/loop.ts'],
  ['src/main/worker/trainer.ts', 'src/main/config/schema.ts'],
  ['src/main/cli/commands.ts', 'src/main/runs/supervisor.ts'],
  ['src/main/runs/supervisor.ts', 'src/main/worker/protocol.ts'],
  ['src/main/ipc/register.ts', 'electron'],
  ['src/main/ipc/register.ts', 'src/preload/contract/runs.ts', 'type'],
  ['src/main/shell/electron/window.ts', 'electron'],
  ['src/main/shell/loopback/server.ts', 'node:http'],
  ['src/main/cli.ts', 'src/main/config/schema.ts'],
  ['src/main/index.ts', 'electron'],
  ['src/preload/index.ts', 'electron'],
  ['src/preload/index.ts', 'src/preload/contract/runs.ts', 'type'],
  ['src/renderer/src/main.ts', 'svelte'],
  ['src/renderer/src/main.ts', 'src/preload/contract/runs.ts', 'type']
]

const faults: readonly (readonly [...Edge, rule?: string])[] = [
  ['src/main/base/fault-1.ts', 'src/main/engine/graph/types.ts'],
  ['src/main/base/fault-2.ts', 'zod'],
  ['src/main/engine/graph/fault-1.ts', 'src/main/engine/weights/initializers.ts'],
  ['src/main/engine/graph/fault-2.ts', '@bufbuild/protobuf'],
  ['src/main/engine/graph/fault-3.ts', 'node:fs'],
  ['src/main/engine/autodiff/fault-1.ts', 'src/main/engine/blocks/linear.ts'],
  ['src/main/engine/blocks/fault-1.ts', 'src/main/engine/peft/lora/options.ts'],
  ['src/main/engine/optimizers/fault-1.ts', 'src/main/engine/runtime/port.ts'],
  [
    'src/main/engine/architectures/gpt2/fault-1.ts',
    'src/main/engine/architectures/bert/index.ts',
    undefined,
    'siblings-stay-strangers'
  ],
  ['src/main/engine/architectures/gpt2/fault-2.ts', 'src/main/engine/architectures/index.ts'],
  ['src/main/engine/architectures/gpt2/fault-3.ts', 'src/main/engine/peft/lora/index.ts', undefined, 'siblings-stay-strangers'],
  [
    'src/main/engine/tasks/regression/fault-1.ts',
    'src/main/engine/tasks/masked-lm/index.ts',
    undefined,
    'siblings-stay-strangers'
  ],
  ['src/main/engine/peft/ia3/fault-1.ts', 'src/main/engine/peft/lora/index.ts', undefined, 'siblings-stay-strangers'],
  ['src/main/engine/peft/ia3/fault-2.ts', 'src/main/engine/architectures/bert/index.ts', undefined, 'siblings-stay-strangers'],
  ['src/main/engine/peft/ia3/fault-3.ts', 'src/main/engine/blocks/linear.ts'],
  ['src/main/engine/text/fault-1.ts', 'src/main/engine/weights/initializers.ts'],
  ['src/main/engine/weights/fault-1.ts', '@anush008/tokenizers'],
  ['src/main/engine/runtime/fault-1.ts', 'src/main/engine/graph/builder.ts'],
  ['src/main/engine/evaluation/fault-1.ts', 'src/main/engine/graph/types.ts'],
  ['src/main/engine/training/fault-1.ts', 'electron', undefined, 'engine-knows-no-shell'],
  ['src/main/engine/training/fault-2.ts', 'onnxruntime-node', undefined, 'runtime-alone-loads-native-code'],
  ['src/main/engine/training/fault-3.ts', 'koffi', undefined, 'runtime-alone-loads-native-code'],
  ['src/main/engine/training/fault-4.ts', 'src/main/data/csv.ts'],
  ['src/main/engine/training/fault-5.ts', 'node:https', undefined, 'no-network'],
  ['src/main/config/fault-1.ts', 'src/main/engine/training/loop.ts'],
  ['src/main/data/fault-1.ts', 'src/main/engine/training/loop.ts'],
  ['src/main/report/fault-1.ts', 'src/main/engine/evaluation/metrics.ts'],
  ['src/main/worker/fault-1.ts', 'src/main/runs/supervisor.ts'],
  ['src/main/runs/fault-1.ts', 'src/main/worker/trainer.ts'],
  ['src/main/ipc/fault-1.ts', 'electron'],
  ['src/main/shell/electron/fault-1.ts', 'src/main/engine/training/loop.ts'],
  ['src/main/shell/fault-1.ts', 'node:net', undefined, 'no-network'],
  ['src/main/cli/fault-1.ts', 'src/main/shell/electron/window.ts'],
  ['src/main/config/fault-2.ts', 'src/main/worker/trainer.ts'],
  ['src/main/fault-1.ts', 'src/main/base/assert.ts'],
  ['src/main/data/fault-2.ts', 'test/helpers/rows.ts', undefined, 'no-development-code'],
  ['src/preload/contract/fault-1.ts', 'electron'],
  ['src/preload/fault-1.ts', 'src/main/base/assert.ts'],
  ['src/renderer/src/fault-1.ts', 'src/main/base/assert.ts', undefined, 'renderer-knows-no-main'],
  ['src/renderer/src/fault-2.ts', 'src/preload/index.ts', undefined, 'renderer-knows-no-main'],
  ['src/renderer/src/fault-3.ts', 'node:fs'],
  ['src/renderer/src/fault-4.ts', 'src/preload/contract/runs.ts'],
  ['src/renderer/src/fault-5.ts', 'src/renderer/src/missing.ts', undefined, 'resolvable']
]

const isPath = (target: string): boolean => /^(?:src|test)\//.test(target)

/** Writes each edge as one import into a tree of empty modules, with the project's rules and packages. */
function plant(folder: string, edges: readonly Edge[]): void {
  const files = new Map<string, string>()
  for (const [from, to, kind] of edges) {
    if (isPath(to) && !to.endsWith('missing.ts') && !files.has(to)) files.set(to, '')
    const path = relative(dirname(from), to)
    const specifier = isPath(to) ? (path.startsWith('.') ? path : `./${path}`) : to
    const statement = kind === 'type' ? `import type * as a from '${specifier}'` : `import '${specifier}'`
    files.set(from, `${files.get(from) ?? ''}${statement}\n`)
  }
  for (const [file, text] of files) {
    mkdirSync(join(folder, dirname(file)), { recursive: true })
    writeFileSync(join(folder, file), `${text}export {}\n`)
  }
  for (const name of ['.dependency-cruiser.mjs', 'tsconfig.base.json', 'tsconfig.node.json', 'package.json']) {
    cpSync(join(root, name), join(folder, name))
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
}

describe('the import table', () => {
  const folder = mkdtempSync(join(tmpdir(), 'attune-imports-'))
  let violations: readonly Violation[] = []

  beforeAll(async () => {
    plant(folder, [...permitted, ...faults.map(([from, to, kind]) => [from, to, kind] as const)])
    violations = await cruise(folder)
  })
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  test.each(faults)('refuses %s importing %s', (from, _to, _kind, rule = 'not-in-allowed') => {
    expect(violations.filter((violation) => violation.from === from).map((violation) => violation.rule.name)).toContain(rule)
  })

  test('permits what the table lists', () => {
    const files = new Set(permitted.map(([from]) => from))
    expect(violations.filter((violation) => files.has(violation.from))).toEqual([])
  })

  test('holds in the real tree', async () => {
    const found = await cruise(root)
    expect(found.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`)).toEqual([])
  })
})
