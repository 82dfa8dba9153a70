import { mkdtemp, open, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { libraryHash } from '../../../../../src/main/engine/runtime/index.ts'
import { runModule } from '../../../../helpers/child.ts'
import type { ChildResult } from '../../../../helpers/child.ts'

/** What every child starts with: the runtime, models to run, and a count of its own memory in MiB. */
const prelude = `
import { readFileSync } from 'node:fs'
import { openRuntime, openBestRuntime } from '${new URL('../../../../../src/main/engine/runtime/index.ts', import.meta.url).href}'
import { adam, float, linear, longChain } from '${new URL('../../../../helpers/runtime-models.ts', import.meta.url).href}'
import { tinyModel } from '${new URL('../../../../helpers/tiny-onnx.ts', import.meta.url).href}'
const host = (shape, values) => ({ type: 'float32', shape, data: Float32Array.from(values) })
const anonymous = () => Number(/RssAnon:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024
const runLinear = async (program) => {
  const { y } = await program.run({ inputs: { x: host([1, 3], [1, 2, 3]), w: host([3, 2], [1, 2, 3, 4, 5, 6]), b: host([2], [0, 0]) }, fetch: ['y'] })
  return [...y.data]
}
`

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-runtime-'))
})
afterAll(() => rm(folder, { recursive: true }))

const silent = { ORT_DISABLE_TELEMETRY: '1' }

async function answerOf(source: string, environment: Readonly<Record<string, string>> = silent): Promise<unknown> {
  const { code, stdout, stderr }: ChildResult = await runModule(prelude + source, environment)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout)
}

describe('telemetry', () => {
  it.each(['c-api', 'binding'])('refuses to load the library through the %s while it is on', async (kind) => {
    const attempt = `
      const said = await openRuntime({ threads: 1, kind: '${kind}' }).then(() => 'opened', (error) => error.message)
      const mapped = readFileSync('/proc/self/maps', 'utf8').includes('libonnxruntime')
      console.log(JSON.stringify({ said, mapped }))`
    const environments: Record<string, string>[] = [{}, { ORT_DISABLE_TELEMETRY: '0' }]
    for (const environment of environments) {
      const { said, mapped } = (await answerOf(attempt, environment)) as {
        said: string
        mapped: boolean
      }
      expect(said).toMatch(/^ONNX Runtime was not loaded: ORT_DISABLE_TELEMETRY=1 is not set.*Start this process with/)
      expect(mapped).toBe(false)
    }
  })

  it.each(['c-api', 'binding'])('leaves nothing in the home folder after a session of the %s', async (kind) => {
    const home = await mkdtemp(join(folder, 'home-'))
    const answer = await answerOf(
      `const runtime = await openRuntime({ threads: 1, kind: '${kind}' })
      console.log(JSON.stringify(await runLinear(await runtime.load({ name: 'linear', model: linear }))))
      await runtime.dispose()`,
      // No CI in it: the library is silent there of its own accord, and the test would prove nothing.
      { ...silent, HOME: home, XDG_CACHE_HOME: join(home, 'cache'), XDG_CONFIG_HOME: join(home, 'config'), TMPDIR: home }
    )
    expect(answer).toEqual([22, 28])
    expect(await readdir(home, { recursive: true })).toEqual([])
  })
})

it('uses the C API even where the binding made the environment first, without a thread pool to share', async () => {
  const answer = await answerOf(`
    const binding = await openRuntime({ threads: 2, kind: 'binding' })
    const before = await runLinear(await binding.load({ name: 'linear', model: linear }))
    const { runtime, reason } = await openBestRuntime({ threads: 2 })
    console.log(JSON.stringify([before, runtime.kind, reason ?? null, await runLinear(await runtime.load({ name: 'linear', model: linear }))]))
    await runtime.dispose()
    await binding.dispose()`)
  expect(answer).toEqual([[22, 28], 'c-api', null, [22, 28]])
})

it('falls back to the binding, and says why, where the C API cannot be loaded', async () => {
  const answer = await answerOf(`
    import { registerHooks } from 'node:module'
    registerHooks({ resolve: (name, context, next) => { if (name === 'koffi') throw new Error('no koffi here'); return next(name, context) } })
    const { runtime, reason } = await openBestRuntime({ threads: 1 })
    const forced = await openRuntime({ threads: 1, kind: 'c-api' }).then(() => 'opened', (error) => error.message)
    console.log(JSON.stringify([runtime.kind, reason, forced, await runLinear(await runtime.load({ name: 'linear', model: linear }))]))
    await runtime.dispose()`)
  expect(answer).toEqual(['binding', 'no koffi here', 'no koffi here', [22, 28]])
})

it('lets a process that exits in the middle of a run leave at once', async () => {
  const { code, stdout } = await runModule(
    `${prelude}
    const runtime = await openRuntime({ threads: 2, kind: 'c-api' })
    const program = await runtime.load({ name: 'long', model: longChain(4000) })
    void program.run({ inputs: { x: host([512, 512], new Float32Array(512 ** 2).fill(1 / 512)), scale: host([], [1]) }, fetch: ['y'] })
    setTimeout(() => { console.log(Date.now()); process.exit(7) }, 100)`,
    silent
  )
  expect(code).toBe(7)
  expect(Date.now() - Number(stdout)).toBeLessThan(3000)
})

it('keeps memory that only the library points to alive while the collector runs', async () => {
  const answer = await answerOf(`
    const runtime = await openRuntime({ threads: 2, kind: 'c-api' })
    const program = await runtime.load({ name: 'adam', model: adam })
    let wrong = 0
    for (let round = 0; round < 60; round++) {
      const runs = Array.from({ length: 8 }, (_, i) => {
        const value = round * 8 + i
        const chunk = () => host([257], new Float32Array(257).fill(value))
        const w = runtime.allocate('float32', [257])
        const running = program.run({ inputs: { w, g: chunk(), m: chunk(), v: chunk(), lr: host([], [0]) }, outputs: { w_next: w.view(0, [257]) }, fetch: ['m_next'] })
        return running.then(async ({ m_next }) => {
          if (m_next.data.some((each) => Math.abs(each - value) > 1e-3) || (await w.read()).some((each) => each !== 0)) wrong++
        })
      })
      globalThis.gc()
      await Promise.all(runs)
    }
    console.log(JSON.stringify(wrong))
    await runtime.dispose()`)
  expect(answer).toBe(0)
})

describe.runIf(process.platform === 'linux')('memory', () => {
  const rows = 6400
  const columns = 8192
  let weights: string

  beforeAll(async () => {
    weights = join(folder, 'weights.bin') // 200 MiB of zeros but for the last number: sparse on disk.
    const handle = await open(weights, 'w')
    await handle.write(new Uint8Array(Float32Array.of(3).buffer), 0, 4, rows * columns * 4 - 4)
    await handle.close()
  })

  it.each(['c-api', 'binding'])(
    'maps weights from their file, shared by two sessions of the %s, without a copy',
    async (kind) => {
      const answer = (await answerOf(`
      const runtime = await openRuntime({ threads: 2, kind: '${kind}' })
      const weight = { name: 'w', type: 1, shape: [${rows}, ${columns}], data: { file: 'weights.bin', offset: 0, length: ${rows * columns * 4} } }
      const model = tinyModel({ nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }], inputs: [float('x', 1, ${rows})], outputs: [float('y', 1, ${columns})], initializers: [weight] })
      const x = { type: 'float32', shape: [1, ${rows}], data: new Float32Array(${rows}).fill(2) }
      const before = anonymous()
      const last = []
      for (const name of ['first', 'second']) {
        const program = await runtime.load({ name, model, folder: '${folder}' })
        last.push((await program.run({ inputs: { x }, fetch: ['y'] })).y.data.at(-1))
      }
      console.log(JSON.stringify({ last, growth: anonymous() - before }))
      await runtime.dispose()`)) as { last: number[]; growth: number }
      expect(answer.last).toEqual([6, 6])
      expect(answer.growth).toBeLessThan(40)
    }
  )

  it.runIf(process.platform === 'linux')(
    'holds one mapping of the constants of all sessions, until the last of them is gone',
    async () => {
      const answer = (await answerOf(`
      const { renameSync, writeFileSync, cpSync } = await import('node:fs')
      const runtime = await openRuntime({ threads: 1, kind: 'c-api' })
      writeFileSync('${folder}/small.bin', new Uint8Array(Float32Array.of(9, 1, 2, 3).buffer))
      const place = { offset: 4, length: 12 }
      const weight = { name: 'w', type: 1, shape: [3], data: { file: 'small.bin', ...place } }
      const model = tinyModel({ nodes: [{ op: 'Add', inputs: ['x', 'w'], outputs: ['y'] }], inputs: [float('x', 3)], outputs: [float('y', 3)], initializers: [weight] })
      const constants = [{ name: 'w', type: 'float32', shape: [3], location: 'small.bin', ...place }]
      const load = () => runtime.load({ name: 'small', model, folder: '${folder}', constants })
      const run = async (program) => [...(await program.run({ inputs: { x: host([3], [10, 10, 10]) }, fetch: ['y'] })).y.data]
      const mappings = () => readFileSync('/proc/self/maps', 'utf8').split('\\n').filter((line) => line.includes('/small.bin')).length
      const before = await load()
      const beside = await load()
      const counts = [mappings()]
      // Another file in its place: who reads the old one goes on reading it.
      cpSync('${folder}/small.bin', '${folder}/next.bin')
      writeFileSync('${folder}/next.bin', new Uint8Array(Float32Array.of(9, 4, 5, 6).buffer))
      renameSync('${folder}/next.bin', '${folder}/small.bin')
      const after = await load()
      const sums = [await run(before), await run(after), await run(beside)]
      counts.push(mappings())
      await before.dispose()
      counts.push(mappings())
      await beside.dispose()
      counts.push(mappings())
      await runtime.dispose()
      counts.push(mappings())
      console.log(JSON.stringify({ counts, sums }))`)) as { counts: number[]; sums: number[][] }
      // Of the old file one mapping, of the new one another; those of a file that is gone are called "(deleted)" and counted all the same.
      expect(answer.counts).toEqual([1, 2, 2, 1, 0])
      expect(answer.sums).toEqual([
        [11, 12, 13],
        [14, 15, 16],
        [11, 12, 13]
      ])
    }
  )

  it.each(['c-api', 'binding'])('gives memory back when a program of the %s is disposed', async (kind) => {
    const { held, after } = (await answerOf(`
      const runtime = await openRuntime({ threads: 2, kind: '${kind}' })
      const megabytes = 128
      const weight = { name: 'w', type: 1, shape: [megabytes * 2 ** 18], data: new Uint8Array(megabytes * 2 ** 20).fill(1) }
      let model = tinyModel({ nodes: [{ op: 'Add', inputs: ['x', 'w'], outputs: ['y'] }, { op: 'ReduceMax', inputs: ['y'], outputs: ['z'], attributes: { keepdims: 0 } }], inputs: [float('x')], outputs: [float('z')], initializers: [weight] })
      weight.data = undefined
      const program = await runtime.load({ name: 'heavy', model })
      await program.run({ inputs: { x: host([], [1]) }, fetch: ['z'] })
      model = undefined
      globalThis.gc(); await new Promise((done) => setTimeout(done, 50)); globalThis.gc()
      const held = anonymous()
      await program.dispose()
      console.log(JSON.stringify({ held, after: anonymous() }))
      await runtime.dispose()`)) as { held: number; after: number }
    expect(held - after).toBeGreaterThan(110)
  })

  it('gives state back when nothing refers to it any more', async () => {
    const { peak, after } = (await answerOf(`
      const runtime = await openRuntime({ threads: 2, kind: 'c-api' })
      const program = await runtime.load({ name: 'copy', model: tinyModel({ nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }], inputs: [float('x', 'n')], outputs: [float('y', 'n')] }) })
      await (async () => {
        const [from, to] = [runtime.allocate('float32', [2 ** 25]), runtime.allocate('float32', [2 ** 25])]
        await program.run({ inputs: { x: from.view(0, [2 ** 25]) }, outputs: { y: to } })
        await from.write(new Float32Array(2 ** 25).fill(1))
      })()
      const peak = anonymous()
      for (let i = 0; i < 5; i++) { globalThis.gc(); await new Promise((done) => setTimeout(done, 20)) }
      console.log(JSON.stringify({ peak, after: anonymous() }))
      await runtime.dispose()`)) as { peak: number; after: number }
    expect(peak - after).toBeGreaterThan(220)
  })
})

it('hashes the library that it loads', async () => {
  expect(await libraryHash()).toMatch(/^[0-9a-f]{64}$/)
})

describe('the library', () => {
  it('stays loaded when the collector runs', async () => {
    const source = `
      const runtime = await openRuntime({ threads: 1, kind: 'c-api' })
      for (let i = 0; i < 5; i++) {
        globalThis.gc()
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      const program = await runtime.load({ name: 'linear', model: linear })
      console.log(JSON.stringify(await runLinear(program)))
      await runtime.dispose()`
    expect(await answerOf(source)).toEqual([22, 28])
  })
})
