import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StoppedError } from '../../../../../src/main/base/errors.ts'
import { elementTypes } from '../../../../../src/main/engine/runtime/element-types.ts'
import { openBestRuntime, openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import type {
  ElementType,
  HostData,
  HostTensor,
  Program,
  Runtime,
  StateTensor
} from '../../../../../src/main/engine/runtime/port.ts'
import { adam, dataType, float, linear, longChain } from '../../../../helpers/runtime-models.ts'
import { bytesOf, tinyModel } from '../../../../helpers/tiny-onnx.ts'

function host(shape: readonly number[], values: readonly number[]): HostTensor {
  return { type: 'float32', shape, data: Float32Array.from(values) }
}

/** Values of each type that a sign, width or endianness mistake would change. */
const crossing: readonly { type: ElementType; data: HostData }[] = [
  { type: 'float32', data: Float32Array.of(1.5, -0.1, Infinity, NaN) },
  { type: 'float64', data: Float64Array.of(1 / 3, -1e300, 5, 0) },
  { type: 'float16', data: Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001) },
  { type: 'int8', data: Int8Array.of(-128, 127, 0, 1) },
  { type: 'uint8', data: Uint8Array.of(0, 255, 128, 7) },
  { type: 'int16', data: Int16Array.of(-32768, 32767, 258, 1) },
  { type: 'uint16', data: Uint16Array.of(65535, 0, 258, 1) },
  { type: 'int32', data: Int32Array.of(-(2 ** 31), 2 ** 31 - 1, 66051, 1) },
  { type: 'uint32', data: Uint32Array.of(2 ** 32 - 1, 0, 66051, 1) },
  { type: 'int64', data: BigInt64Array.of(-(2n ** 63n), 2n ** 53n + 1n, -1n, 0n) },
  { type: 'bool', data: Uint8Array.of(1, 0, 0, 1) }
]

function copyModel(type: ElementType, ...shape: (number | string)[]): Uint8Array {
  const tensor = { type: dataType[type], shape }
  return tinyModel({
    nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
    inputs: [{ name: 'x', ...tensor }],
    outputs: [{ name: 'y', ...tensor }]
  })
}

/** How often a 1 ms timer fires while `task` is under way. */
async function ticksDuring(task: () => Promise<unknown>): Promise<number> {
  let ticks = 0
  const timer = setInterval(() => ticks++, 1)
  try {
    await task()
  } finally {
    clearInterval(timer)
  }
  return ticks
}

describe.each(['c-api', 'binding'] as const)('the %s runtime', (kind) => {
  let runtime: Runtime
  beforeAll(async () => {
    runtime = await openRuntime({ threads: 2, kind })
  })
  afterAll(() => runtime.dispose())

  async function state(values: readonly number[], shape: readonly number[] = [values.length]): Promise<StateTensor> {
    const tensor = runtime.allocate('float32', shape)
    await tensor.write(Float32Array.from(values))
    return tensor
  }

  it('says what it is', async () => {
    expect(runtime).toMatchObject({ kind, provider: 'cpu', threads: 2 })
    expect(runtime.version).toMatch(/^1\.30\.\d+$/)
    const program = await runtime.load({ name: 'linear', model: linear })
    expect(program).toMatchObject({ name: 'linear', inputNames: ['x', 'w', 'b'], outputNames: ['y'] })
    await program.dispose()
  })

  it('computes from host inputs, for every batch shape', async () => {
    const program = await runtime.load({ name: 'linear', model: linear })
    const weights = { w: host([3, 2], [1, 2, 3, 4, 5, 6]), b: host([2], [0.5, -0.5]) }
    const one = await program.run({ inputs: { x: host([1, 3], [1, 0, -1]), ...weights }, fetch: ['y'] })
    expect(one).toEqual({ y: host([1, 2], [-3.5, -4.5]) })
    const two = await program.run({ inputs: { x: host([2, 3], [1, 1, 1, 0, 2, 0]), ...weights }, fetch: ['y'] })
    expect(two).toEqual({ y: host([2, 2], [9.5, 11.5, 6.5, 7.5]) })
    const none = await program.run({ inputs: { x: host([0, 3], []), ...weights }, fetch: ['y'] })
    expect(none).toEqual({ y: host([0, 2], []) })
    await program.dispose()
  })

  it('reads inputs that lie inside a larger buffer', async () => {
    const program = await runtime.load({ name: 'linear', model: linear })
    const all = Float32Array.of(99, 1, 2, 3, 99)
    const x: HostTensor = { type: 'float32', shape: [1, 3], data: all.subarray(1, 4) }
    const { y } = await program.run({ inputs: { x, w: host([3, 2], [1, 0, 0, 1, 0, 0]), b: host([2], [0, 0]) }, fetch: ['y'] })
    expect(y).toEqual(host([1, 2], [1, 2]))
    await program.dispose()
  })

  it('updates chunks of state in place, through views, and leaves what lies around them alone', async () => {
    const program = await runtime.load({ name: 'adam', model: adam })
    const [size, steps, lr] = [10, 3, 0.1]
    const chunks = [
      { offset: 1, length: 5 },
      { offset: 6, length: 3 }
    ]
    const w = await state(Array.from({ length: size }, (_, i) => i - 4))
    const [m, v] = [runtime.allocate('float32', [size]), runtime.allocate('float32', [size])]
    const expected = {
      w: Array.from({ length: size }, (_, i) => i - 4),
      m: new Array<number>(size).fill(0),
      v: new Array<number>(size).fill(0)
    }
    for (let step = 0; step < steps; step++) {
      for (const { offset, length } of chunks) {
        const g = Array.from({ length }, (_, i) => Math.fround(Math.sin(offset + i + step)))
        const [wView, mView, vView] = [w, m, v].map((tensor) => tensor.view(offset, [length])) as [
          StateTensor,
          StateTensor,
          StateTensor
        ]
        const outputs = { w_next: wView, m_next: mView, v_next: vView }
        const fetched = await program.run({
          inputs: { w: wView, m: mView, v: vView, g: host([length], g), lr: host([], [lr]) },
          outputs
        })
        expect(fetched).toEqual({})
        g.forEach((gradient, i) => {
          const at = offset + i
          expected.m[at] = 0.9 * expected.m[at]! + 0.1 * gradient
          expected.v[at] = 0.999 * expected.v[at]! + 0.001 * gradient * gradient
          expected.w[at]! -= (lr * expected.m[at]) / (Math.sqrt(expected.v[at]) + 1e-8)
        })
      }
    }
    for (const [tensor, values] of [
      [w, expected.w],
      [m, expected.m],
      [v, expected.v]
    ] as const) {
      const got = Array.from(await tensor.read(), Number)
      got.forEach((value, i) => expect(Math.abs(value - values[i]!)).toBeLessThan(2e-6))
      expect([got[0], got[9]]).toEqual([values[0], values[9]])
    }
    await program.dispose()
  })

  it('shares state between programs, and seen as another shape', async () => {
    const [step, product] = await Promise.all([
      runtime.load({ name: 'copy', model: copyModel('float32', 'n') }),
      runtime.load({ name: 'linear', model: linear })
    ])
    const memory = runtime.allocate('float32', [8])
    await step.run({ inputs: { x: host([6], [1, 2, 3, 4, 5, 6]) }, outputs: { y: memory.view(2, [6]) } })
    const { y } = await product.run({
      inputs: { x: host([1, 3], [1, 1, 1]), w: memory.view(2, [3, 2]), b: memory.view(0, [2]) },
      fetch: ['y']
    })
    expect(y).toEqual(host([1, 2], [9, 12]))
    await Promise.all([step.dispose(), product.dispose()])
  })

  it('keeps views, refuses those that leave the tensor, and copies in and out', async () => {
    const tensor = await state([0, 1, 2, 3, 4, 5, 6, 7], [2, 4])
    const view = tensor.view(2, [2, 2])
    expect(tensor.view(2, [2, 2])).toBe(view)
    expect(tensor.view(2, [4])).not.toBe(view)
    expect(Array.from(await view.view(1, [2]).read(), Number)).toEqual([3, 4])
    expect(() => view.view(1, [4])).toThrow('leaves a tensor of 4')
    expect(() => tensor.view(-1, [2])).toThrow('-1')
    expect(() => view.view(-1, [2, 2])).toThrow('-1')
    await view.write(Float32Array.of(20, 30), 1)
    expect(Array.from(await tensor.read(1, 5), Number)).toEqual([1, 2, 20, 30, 5])
    await view.clear()
    expect(Array.from(await tensor.read(), Number)).toEqual([0, 1, 0, 0, 0, 0, 6, 7])
    const copy = await tensor.read()
    copy[0] = 77
    expect((await tensor.read(0, 1))[0]).toBe(0)
    expect(() => tensor.write(Float64Array.of(1))).toThrow('Float64Array')
    expect(() => tensor.write(new Float32Array(9))).toThrow('leave a state of 8')
    expect(() => tensor.read(5, 4)).toThrow('leave a state of 8')
  })

  it('brings back only the outputs that are asked for, though the library computes every node of the graph', async () => {
    const model = tinyModel({
      nodes: [
        { op: 'Gather', inputs: ['x', 'index'], outputs: ['picked'] },
        { op: 'Neg', inputs: ['x'], outputs: ['negated'] }
      ],
      inputs: [float('x', 'n'), { name: 'index', type: dataType.int64, shape: [1] }],
      outputs: [float('picked', 1), float('negated', 'n')]
    })
    const program = await runtime.load({ name: 'two', model })
    const at = (index: bigint) => ({
      x: host([2], [1, 2]),
      index: { type: 'int64', shape: [1], data: BigInt64Array.of(index) } as const
    })
    const negated = runtime.allocate('float32', [2])
    expect(await program.run({ inputs: at(1n), fetch: ['negated'] })).toEqual({ negated: host([2], [-1, -2]) })
    expect(await program.run({ inputs: at(1n), outputs: { negated }, fetch: ['picked'] })).toEqual({ picked: host([1], [2]) })
    expect(Array.from(await negated.read(), Number)).toEqual([-1, -2])
    expect(await program.run({ inputs: at(0n), fetch: ['negated', 'picked'] })).toEqual({
      picked: host([1], [1]),
      negated: host([2], [-1, -2])
    })
    // An index past the end fails although nothing asks for what it picks.
    await expect(program.run({ inputs: at(5n), fetch: ['negated'] })).rejects.toThrow(/"two" failed.*indices/s)
    await program.dispose()
  })

  it.each(crossing)(
    'carries $type unchanged, in host memory and in state, with and without fixed shapes',
    async ({ type, data }) => {
      for (const length of [4, 'n'] as const) {
        const program = await runtime.load({ name: 'copy', model: copyModel(type, length) })
        const x: HostTensor = { type, shape: [4], data }
        const { y } = await program.run({ inputs: { x }, fetch: ['y'] })
        expect(y).toEqual(x)
        const [from, to] = [runtime.allocate(type, [5]), runtime.allocate(type, [6])]
        await from.write(data, 1)
        await program.run({ inputs: { x: from.view(1, [4]) }, outputs: { y: to.view(2, [4]) } })
        expect(await to.read(2)).toEqual(data)
        expect(Array.from(await to.read(0, 2), Number)).toEqual([0, 0])
        await program.dispose()
      }
    }
  )

  it('carries NaN through arithmetic', async () => {
    const program = await runtime.load({ name: 'linear', model: linear })
    const inputs = { x: host([1, 3], [NaN, 0, 0]), w: host([3, 2], [1, 1, 1, 1, 1, 1]), b: host([2], [0, 0]) }
    expect(await program.run({ inputs, fetch: ['y'] })).toEqual({ y: host([1, 2], [NaN, NaN]) })
    await program.dispose()
  })

  it('returns a large result of unknown shape whole', async () => {
    const program = await runtime.load({ name: 'copy', model: copyModel('float32', 'n') })
    const data = Float32Array.from({ length: 3_000_001 }, (_, i) => i)
    const { y } = await program.run({ inputs: { x: { type: 'float32', shape: [data.length], data } }, fetch: ['y'] })
    expect(Buffer.compare(bytesOf(y!.data), bytesOf(data))).toBe(0)
    expect(y!.data.buffer).not.toBe(data.buffer)
    await program.dispose()
  })

  describe('refuses, naming the program, the tensor and both sides', () => {
    let program: Program
    const w = host([3, 2], [1, 2, 3, 4, 5, 6])
    const b = host([2], [0, 0])
    const x = host([1, 3], [1, 2, 3])
    beforeAll(async () => {
      program = await runtime.load({ name: 'linear', model: linear })
    })

    it.each<[string, Parameters<Program['run']>[0], RegExp]>([
      ['a missing input', { inputs: { x, w }, fetch: ['y'] }, /"linear" needs the input "b" float32\[2\], which is missing/],
      [
        'a wrong length',
        { inputs: { x, w: host([2, 2], [1, 2, 3, 4]), b }, fetch: ['y'] },
        /"linear".*"w" is float32\[3, 2\], but was given float32\[2, 2\]/
      ],
      [
        'a wrong rank',
        { inputs: { x: host([3], [1, 2, 3]), w, b }, fetch: ['y'] },
        /"x" is float32\[rows, 3\], but was given float32\[3\]/
      ],
      [
        'a wrong type',
        { inputs: { x, w, b: { type: 'int32', shape: [2], data: new Int32Array(2) } }, fetch: ['y'] },
        /"b" is float32\[2\], but was given int32\[2\]/
      ],
      [
        'a wrong array',
        { inputs: { x, w, b: { ...b, data: new Float64Array(2) } }, fetch: ['y'] },
        /"b" is float32, held in Float32Array, not Float64Array/
      ],
      [
        'too little data',
        { inputs: { x, w, b: { ...b, data: new Float32Array(1) } }, fetch: ['y'] },
        /"b" has the shape \[2\], but 1 elements/
      ],
      ['an unknown input', { inputs: { x, w, b, c: b }, fetch: ['y'] }, /"linear" has no input "c"; it has "x", "w", "b"/],
      ['an unknown output', { inputs: { x, w, b }, fetch: ['z'] }, /"linear" has no output "z"; it has "y"/],
      ['no output', { inputs: { x, w, b } }, /"linear" was run without asking for any output/]
    ])('%s', async (_, request, message) => {
      await expect(program.run(request)).rejects.toThrow(message)
    })

    it('an output state of another shape, known beforehand or only during the run', async () => {
      const inputs = { x, w, b }
      await expect(program.run({ inputs, outputs: { y: runtime.allocate('float32', [1, 3]) } })).rejects.toThrow(
        /the output "y" is float32\[rows, 2\], but was given float32\[1, 3\]/
      )
      await expect(program.run({ inputs, outputs: { y: runtime.allocate('float32', [2, 2]) } })).rejects.toThrow(
        /"linear" failed.*shape/s
      )
      expect(await program.run({ inputs, fetch: ['y'] })).toEqual({ y: host([1, 2], [22, 28]) })
    })

    it('a named length that differs between inputs', async () => {
      const chunk = host([2], [1, 2])
      const update = await runtime.load({ name: 'adam', model: adam })
      const inputs = { w: chunk, g: chunk, m: host([3], [1, 2, 3]), v: chunk, lr: host([], [1]) }
      await expect(update.run({ inputs, fetch: ['w_next'] })).rejects.toThrow(
        /"m" is float32\[n\], but was given float32\[3\]: "w" made "n" 2/
      )
      await update.dispose()
    })

    it('an input that is passed on into state', async () => {
      const nodes = [{ op: 'Neg', inputs: ['x'], outputs: ['y'] }]
      const passing = await runtime.load({
        name: 'pass',
        model: tinyModel({ nodes, inputs: [float('x', 1)], outputs: [float('y', 1), float('x', 1)] })
      })
      const inputs = { x: host([1], [5]) }
      await expect(passing.run({ inputs, outputs: { x: runtime.allocate('float32', [1]) } })).rejects.toThrow(
        /"x" is an input passed on/
      )
      expect(await passing.run({ inputs, fetch: ['x', 'y'] })).toEqual({ x: host([1], [5]), y: host([1], [-5]) })
      await passing.dispose()
    })

    it('a model that is none, an unknown operator, and weights outside their folder', async () => {
      await expect(runtime.load({ name: 'bad', model: Uint8Array.of(8, 9, 255, 3) })).rejects.toThrow(
        /"bad" could not be loaded: ./
      )
      const unknown = tinyModel({
        nodes: [{ op: 'NoSuchOp', inputs: ['x'], outputs: ['y'] }],
        inputs: [float('x', 1)],
        outputs: [float('y', 1)]
      })
      await expect(runtime.load({ name: 'odd', model: unknown })).rejects.toThrow(/"odd" could not be loaded: .*NoSuchOp/s)
      const escaping = tinyModel({
        nodes: [{ op: 'Add', inputs: ['x', 'w'], outputs: ['y'] }],
        inputs: [float('x', 1)],
        outputs: [float('y', 1)],
        initializers: [{ name: 'w', type: dataType.float32, shape: [1], data: { file: '../outside.bin', offset: 0, length: 4 } }]
      })
      await expect(runtime.load({ name: 'escaping', model: escaping, folder: tmpdir() })).rejects.toThrow(
        /"escaping" could not be loaded: ./
      )
    })
  })

  it('runs programs alternately and at the same time', async () => {
    const [first, second] = await Promise.all([
      runtime.load({ name: 'chain', model: longChain(3) }),
      runtime.load({ name: 'linear', model: linear })
    ])
    const identity = host([2, 2], [1, 0, 0, 1])
    const runs = Array.from({ length: 40 }, async (_, i) => {
      if (i % 2 === 0) {
        const { y } = await first.run({ inputs: { x: identity, scale: host([], [2]) }, fetch: ['y'] })
        return y?.data[0]
      }
      const { y } = await second.run({
        inputs: { x: host([1, 3], [i, 0, 0]), w: host([3, 2], [1, 0, 0, 0, 0, 0]), b: host([2], [0, 0]) },
        fetch: ['y']
      })
      return y?.data[0]
    })
    expect(await Promise.all(runs)).toEqual(Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 16 : i)))
    await Promise.all([first.dispose(), second.dispose()])
  })

  it('goes on after a run that failed, in order', async () => {
    const program = await runtime.load({ name: 'copy', model: copyModel('float32', 'n') })
    const bad = program.run({ inputs: {}, fetch: ['y'] })
    const good = program.run({ inputs: { x: host([1], [3]) }, fetch: ['y'] })
    await expect(bad).rejects.toThrow('missing')
    expect(await good).toEqual({ y: host([1], [3]) })
    await program.dispose()
  })

  it('does not start a run that is stopped already', async () => {
    const program = await runtime.load({ name: 'copy', model: copyModel('float32', 'n') })
    const request = { inputs: { x: host([1], [3]) }, fetch: ['y'] }
    await expect(program.run({ ...request, signal: AbortSignal.abort() })).rejects.toThrow(StoppedError)
    expect(await program.run({ ...request, signal: new AbortController().signal })).toEqual({ y: host([1], [3]) })
    await program.dispose()
  })

  it('refuses to run what was disposed, and disposes twice without harm', async () => {
    const own = await openRuntime({ threads: 2, kind })
    const program = await own.load({ name: 'copy', model: copyModel('float32', 'n') })
    await program.run({ inputs: { x: own.allocate('float32', [2]) }, fetch: ['y'] })
    await program.dispose()
    await program.dispose()
    await expect(program.run({ inputs: { x: host([1], [1]) }, fetch: ['y'] })).rejects.toThrow('disposed')
    await own.dispose()
    await own.dispose()
    await expect(own.load({ name: 'copy', model: copyModel('float32', 'n') })).rejects.toThrow('disposed')
  })

  it('writes a profile where it is asked to', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'attune-profile-'))
    try {
      const program = await runtime.load({ name: 'copy', model: copyModel('float32', 'n'), profile: join(folder, 'trace') })
      await program.run({ inputs: { x: host([1], [1]) }, fetch: ['y'] })
      const path = await program.endProfile()
      expect(path).toContain(join(folder, 'trace'))
      expect(await readFile(path!, 'utf8')).toContain('Identity')
      expect(await program.endProfile()).toBeUndefined()
      await program.dispose()
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('gives the same answer with another number of threads', async () => {
    const single = await openRuntime({ threads: 1, kind })
    const x: HostTensor = { type: 'float32', shape: [64, 64], data: Float32Array.from({ length: 4096 }, (_, i) => Math.sin(i)) }
    const answers = []
    for (const each of [single, runtime]) {
      const program = await each.load({ name: 'chain', model: longChain(2) })
      answers.push(Number((await program.run({ inputs: { x, scale: host([], [0.01]) }, fetch: ['y'] })).y!.data[0]))
      await program.dispose()
    }
    expect(answers[0]).not.toBe(0)
    expect(Math.abs(answers[0]! - answers[1]!)).toBeLessThan(1e-4 * Math.abs(answers[0]!))
    await single.dispose()
  })
})

describe('only the C API', () => {
  const size = 256
  const x: HostTensor = { type: 'float32', shape: [size, size], data: new Float32Array(size * size).fill(1 / size) }

  it('stays responsive during a run and ends it within a second of being stopped, and can run again', async () => {
    const runtime = await openRuntime({ threads: 2, kind: 'c-api' })
    const program = await runtime.load({ name: 'long', model: longChain(5_000) })
    const stop = new AbortController()
    let stoppedAt = 0
    const ticks = await ticksDuring(async () => {
      setTimeout(() => {
        stoppedAt = performance.now()
        stop.abort()
      }, 300)
      await expect(program.run({ inputs: { x, scale: host([], [1]) }, fetch: ['y'], signal: stop.signal })).rejects.toThrow(
        StoppedError
      )
    })
    expect(performance.now() - stoppedAt).toBeLessThan(1000)
    expect(ticks).toBeGreaterThan(30)
    const tiny = host([1, 1], [1])
    expect(await program.run({ inputs: { x: tiny, scale: host([], [1]) }, fetch: ['y'] })).toEqual({ y: host([], [1]) })
    await runtime.dispose()
  })

  it('lets others have their turn however many short runs follow each other', async () => {
    const runtime = await openRuntime({ threads: 2, kind: 'c-api' })
    const program = await runtime.load({ name: 'copy', model: copyModel('float32', 4) })
    const tensor = runtime.allocate('float32', [4])
    let runs = 0
    const ticks = await ticksDuring(async () => {
      for (const until = performance.now() + 400; performance.now() < until; runs++)
        await program.run({ inputs: { x: tensor }, outputs: { y: tensor } })
    })
    expect(runs).toBeGreaterThan(1000)
    expect(ticks).toBeGreaterThan(10)
    await runtime.dispose()
  })

  it('disposes only after the run under way', async () => {
    const runtime = await openRuntime({ threads: 2, kind: 'c-api' })
    const program = await runtime.load({ name: 'long', model: longChain(200) })
    const running = program.run({ inputs: { x, scale: host([], [1]) }, fetch: ['y'] })
    await runtime.dispose()
    const { y } = await running
    expect(Number(y!.data[0])).toBeCloseTo(size, 1)
  })

  it('carries bfloat16, which the binding refuses as it loads', async () => {
    const model = copyModel('bfloat16', 'n')
    const [direct, binding] = await Promise.all([
      openRuntime({ threads: 2, kind: 'c-api' }),
      openRuntime({ threads: 2, kind: 'binding' })
    ])
    const program = await direct.load({ name: 'copy', model })
    const bits: HostTensor = { type: 'bfloat16', shape: [2], data: Uint16Array.of(0x3f80, 0xc000) }
    expect(await program.run({ inputs: { x: bits }, fetch: ['y'] })).toEqual({ y: bits })
    await expect(binding.load({ name: 'copy', model })).rejects.toThrow('"copy" could not be loaded')
    await Promise.all([direct.dispose(), binding.dispose()])
  })

  it('is the default, with no reason against it', async () => {
    const { runtime, reason } = await openBestRuntime({ threads: 2 })
    expect([runtime.kind, reason]).toEqual(['c-api', undefined])
    await runtime.dispose()
  })
})

it('knows the width of every element type', () => {
  for (const { bytes, view } of Object.values(elementTypes)) expect(view(new ArrayBuffer(16), 0, 2).BYTES_PER_ELEMENT).toBe(bytes)
})
