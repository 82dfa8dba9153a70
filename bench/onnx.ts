import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { Random } from '../src/main/base/random.ts'
import { defineSelectionMethod } from '../src/main/engine/peft/define-method.ts'
import { selectParameters, type ModelDefinition } from '../src/main/engine/training/model-definition.ts'
import { openModelFolder } from '../src/main/engine/training/model-folder.ts'
import type { ExportableRun } from '../src/main/export/define-exporter.ts'
import { mergedInference } from '../src/main/export/onnx/build-inference.ts'
import { floatModel } from '../src/main/export/onnx/index.ts'
import type { InferenceModel } from '../src/main/export/onnx/inference-model.ts'
import { observedModel, observedValues, quantizeModel, rangeOutputs, type Range } from '../src/main/export/onnx/quantize-graph.ts'
import { writeOnnx } from '../src/main/export/onnx/write-onnx.ts'
import type { Ran } from './cases.ts'
import { Side } from './child.ts'

const here = import.meta.dirname
const { values: options } = parseArgs({
  options: {
    /** WIDTHxLAYERS, several divided by commas. */
    models: { type: 'string', default: '384x6,768x12' },
    batches: { type: 'string', default: '1,32' },
    tokens: { type: 'string', default: '128' },
    rounds: { type: 'string', default: '7' },
    /** With one thread none waits for another, so that processor time says what a busy machine's clock cannot. */
    threads: { type: 'string', default: '2' },
    /** Forms to measure, divided by commas; all where left out. */
    forms: { type: 'string' },
    /** Keeps the random models here. */
    folder: { type: 'string' }
  }
})

const python = process.env['ATTUNE_PYTHON'] ?? ''
if (python === '') throw new Error('Set ATTUNE_PYTHON to a Python that has torch and transformers (bench/README.md).')

/** What is measured: each makes one file from a model; `scratch` is an empty folder. */
const variants: Readonly<Record<string, (run: ExportableRun, scratch: string) => InferenceModel | Promise<InferenceModel>>> = {
  onnx: (run) => floatModel(run),
  'onnx-fp16': (run) => mergedInference(run, true),
  'onnx-int8': (run) => quantizeModel(mergedInference(run, false), { kind: 'dynamic' }),
  'onnx-int8 static': async (run, scratch) => {
    const float = mergedInference(run, false)
    return quantizeModel(float, { kind: 'static', ranges: await rangesOf(float, scratch) })
  },
  'onnx-int4': (run) => quantizeModel(mergedInference(run, false), { kind: 'nibbles' })
}

const written = { signal: new AbortController().signal, onProgress: () => undefined }

/** Ranges of what weights multiply, on one batch of random tokens. */
async function rangesOf(float: InferenceModel, scratch: string): Promise<ReadonlyMap<string, Range>> {
  await writeOnnx(scratch, 'observed.onnx', observedModel(float), written)
  const session = await InferenceSession.create(join(scratch, 'observed.onnx'), { intraOpNumThreads: Number(options.threads) })
  const random = new Random(1, 'bench/onnx ranges')
  const whole = (value: () => number): Tensor =>
    new Tensor(
      'int64',
      BigInt64Array.from({ length: 8 * 128 }, () => BigInt(value())),
      [8, 128]
    )
  const ids = whole(() => 1000 + random.below(29_000))
  const outputs = await session.run({ input_ids: ids, attention_mask: whole(() => 1), token_type_ids: whole(() => 0) })
  await session.release()
  const number = (name: string): number => (outputs[name]?.data as Float32Array)[0] ?? NaN // All of them are float32.
  return new Map(
    observedValues(float).map((name) => {
      const [smallest, largest] = rangeOutputs(name)
      return [name, [number(smallest), number(largest)]]
    })
  )
}

type Answered = Ran & { readonly logits: readonly number[] }

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN

/** A model folder as if a run had trained nothing in it. */
async function asRun(folder: string): Promise<ExportableRun> {
  const base = await openModelFolder(folder)
  const method = defineSelectionMethod({ id: 'none', title: 'No training', trains: () => false })
  const stored = new Set(base.storedNames.keys())
  const definition: ModelDefinition = {
    ...{ architecture: base.architecture, config: base.config, head: 'sequence-classification', labels: 3 },
    ...{ method, options: {}, stored }
  }
  const weights = { base, definition, selection: selectParameters(definition), checkpoint: base.checkpoint, shift: 0, scale: 1 }
  const reading = {
    classNames: ['a', 'b', 'c'],
    problem: 'single_label_classification',
    marks: null,
    answering: null,
    pairs: false,
    maxLength: 512
  }
  return { ...weights, ...reading, padding: { id: 0, token: '[PAD]' }, metrics: {} }
}

async function writeVariants(model: string, root: string): Promise<Map<string, { file: string; bytes: number }>> {
  const run = await asRun(model)
  const files = new Map<string, { file: string; bytes: number }>()
  for (const [name, make] of Object.entries(variants)) {
    if (options.forms !== undefined && !options.forms.split(',').includes(name)) continue
    const folder = join(root, `${name}-${files.size}`)
    await mkdir(folder, { recursive: true })
    await writeOnnx(folder, 'model.onnx', await make(run, folder), written)
    const file = join(folder, 'model.onnx')
    files.set(name, { file, bytes: (await stat(file)).size })
  }
  return files
}

async function compare(model: string, root: string): Promise<void> {
  const files = await writeVariants(model, root)
  const sides = new Map<string, Side>()
  for (const [name, { file }] of files)
    sides.set(name, await Side.start(process.execPath, [join(here, 'onnx-session.ts'), file, options.threads]))
  for (const attention of ['eager', 'sdpa']) {
    const job = JSON.stringify({ folder: model, attention, threads: Number(options.threads) })
    sides.set(attention, await Side.start(python, [join(here, 'reference_onnx.py'), 'serve', job]))
  }
  for (const batch of options.batches.split(',').map(Number)) {
    const random = new Random(batch, 'bench/onnx')
    const ids = Array.from({ length: batch }, () =>
      Array.from({ length: Number(options.tokens) }, () => 1000 + random.below(29_000))
    )
    const steps = Math.max(1, Math.round(16 / batch))
    const times = new Map<string, Answered[]>()
    for (let round = -1; round < Number(options.rounds); round++) {
      // Who goes first changes from round to round; the first round only warms up.
      const order = [...sides.keys()].map((_, i, all) => all[(i + round + all.length) % all.length] ?? '')
      for (const name of order) {
        const ran = await sides.get(name)?.ask<Answered>({ run: steps, ids })
        if (round >= 0 && ran) times.set(name, [...(times.get(name) ?? []), ran])
      }
    }
    report(batch, times, files)
  }
  for (const side of sides.values()) await side.stop()
}

function report(
  batch: number,
  times: ReadonlyMap<string, readonly Answered[]>,
  files: ReadonlyMap<string, { bytes: number }>
): void {
  const elapsed = ({ milliseconds }: Answered): number => median(milliseconds)
  const processor = ({ cpuSeconds, milliseconds }: Answered): number => (cpuSeconds / milliseconds.length) * 1000
  const reference = times.get('eager')?.[0]?.logits ?? []
  for (const [name, rounds] of times) {
    const of = (to: string, time: (ran: Answered) => number): string => {
      const theirs = (times.get(to) ?? []).map(time)
      return median(rounds.map((ran, i) => time(ran) / (theirs[i] ?? NaN))).toFixed(2)
    }
    const timed = (time: (ran: Answered) => number): string =>
      `${median(rounds.map(time)).toFixed(1)} ms (${of('eager', time)} of eager, ${of('sdpa', time)} of sdpa)`
    const largest = Math.max(...reference.map(Math.abs))
    const apart = Math.max(...reference.map((value, i) => Math.abs(value - (rounds[0]?.logits[i] ?? NaN)))) / largest
    const size = files.get(name)
    console.log(
      `batch ${batch}  ${name.padEnd(16)} ${timed(elapsed)}, processor ${timed(processor)}; ` +
        `logits apart ${apart.toExponential(1)}${size ? `; ${(size.bytes / 1e6).toFixed(1)} MB` : ''}`
    )
  }
}

const root = await mkdtemp(join(tmpdir(), 'attune-bench-onnx-'))
try {
  console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${options.tokens} tokens, ${options.threads} threads`)
  for (const name of options.models.split(',')) {
    const [width = '', layers = ''] = name.split('x')
    const model = join(options.folder ?? root, `bert-${name}`)
    if (!(await stat(join(model, 'config.json')).catch(() => null)))
      spawnSync(python, [join(here, 'reference_onnx.py'), 'write', model, width, layers], { stdio: 'inherit' })
    console.log(`\n${name}`)
    await compare(model, join(root, name))
  }
} finally {
  await rm(root, { recursive: true, force: true })
}
