import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRuntime } from '../../src/main/engine/runtime/index.ts'
import type { Runtime } from '../../src/main/engine/runtime/port.ts'
import { tagNames } from '../../src/main/engine/tasks/tags.ts'
import { openSafetensors } from '../../src/main/engine/weights/checkpoint-folder.ts'
import { readTensor } from '../../src/main/engine/weights/read-tensor.ts'
import { importAdapter } from '../../src/main/worker/import-adapter.ts'
import { TrainedModel } from '../../src/main/worker/trained-run.ts'
import type { CliEvent, CliRun } from '../helpers/attune.ts'
import { hostedAttune } from '../helpers/hosted-attune.ts'

const fixtures = join(import.meta.dirname, '../fixtures')

interface Case {
  readonly base: string
  readonly tokenizer: string
  readonly texts: readonly string[]
  /** One for each text, where questions are answered. */
  readonly questions?: readonly string[]
  /** Tags in the order of the adapter's outputs, where passages are marked; the base model's order of ours has others. */
  readonly outputs?: readonly string[]
  readonly logits: readonly (readonly number[])[]
}

let root: string
let runtime: Runtime

const adapterOf = (name: string): string => join(fixtures, 'adapters', name)
const caseOf = async (name: string): Promise<Case> =>
  JSON.parse(await readFile(join(adapterOf(name), 'case.json'), 'utf8')) as Case

/** The base model of a case, with the tokenizer that its texts were cut with. */
async function baseOf({ base, tokenizer }: Case): Promise<string> {
  const folder = join(root, base)
  await mkdir(folder, { recursive: true })
  for (const name of ['config.json', 'model.safetensors'])
    await cp(join(fixtures, 'encoders/models', base, name), join(folder, name))
  await cp(join(fixtures, 'adapters', `tokenizer-${tokenizer}.json`), join(folder, 'tokenizer.json'))
  return folder
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-adapters-test-'))
  runtime = await openRuntime({ threads: 1 })
})

afterAll(async () => {
  await runtime.dispose()
  await rm(root, { recursive: true, force: true })
})

const never = new AbortController().signal
const names = await readdir(join(fixtures, 'adapters')).then((all) => all.filter((name) => !name.endsWith('.json')))

describe('an adapter that peft made', () => {
  test.each(names)('answers on its base model as with peft: %s', async (name) => {
    const told = await caseOf(name)
    const outFolder = join(root, `imported-${name}`)
    const isWhole = told.questions === undefined && told.outputs === undefined
    const labels = told.base.endsWith('-1') || !isWhole ? [] : ['first', 'second', 'third']
    const kinds = told.outputs === undefined ? labels : ['NAME', 'PLACE']
    const modelFolder = await baseOf(told)
    const createdAt = '2026-01-01T00:00:00.000Z'
    const input = { folder: adapterOf(name), modelFolder, labels, isMultiLabel: null, text: 'text', outFolder, createdAt }
    expect(await importAdapter(input)).toMatchObject({ event: 'finished', class_names: kinds, base_name: told.base })
    const model = await TrainedModel.open(runtime, outFolder, join(root, 'cache'), { takesPassages: true, takesQuestions: true })
    const { logits } = await model
      .logits(told.texts, told.questions ?? null, never, () => undefined)
      .finally(() => model.dispose())
    // Ours in their order; what the adapter has no output for is never said.
    const ours = tagNames(kinds, 'BIO').map((tag) => told.outputs?.indexOf(tag) ?? 0)
    const wanted = told.outputs ? told.logits.flatMap((row) => ours.map((from) => row[from] ?? -1e4)) : told.logits.flat()
    const largest = Math.max(...told.logits.flat().map(Math.abs))
    expect(logits).toHaveLength(wanted.length)
    for (const [i, value] of logits.entries()) expect(Math.abs(value - (wanted[i] ?? Number.NaN)) / largest).toBeLessThan(1e-5)
  })
})

describe('a run that starts from an adapter', () => {
  const run = (...words: readonly string[]): Promise<CliRun> => hostedAttune([...words, '--json'], { home: root })
  const last = (cli: CliRun): CliEvent => cli.events().at(-1) ?? { event: 'nothing' }

  /** Rows whose answer the texts give away. */
  async function dataFile(): Promise<string> {
    const words = { first: 'a b', second: 'm n', third: 'x y' } as const
    const lines = Array.from({ length: 90 }, (_, row) => {
      const label = (['first', 'second', 'third'] as const)[row % 3] ?? 'first'
      return `${words[label]} ${[...String(row)].map((digit) => 'cdefghijkl'.charAt(Number(digit))).join(' ')},${label}`
    })
    const path = join(root, 'data.csv')
    await writeFile(path, `text,label\n${lines.join('\n')}\n`)
    return path
  }

  async function yamlOf(name: string, method: string, training: string): Promise<string> {
    const path = join(root, `${name}.yaml`)
    const lines = [
      'task: text-classification',
      `model: ${await baseOf(await caseOf(name))}`,
      `data: { file: ${await dataFile()}, text: text, label: label }`,
      `method: { type: lora, from_adapter: ${adapterOf(name)}, ${method} }`,
      `training: { early_stopping: null, bootstrap_resamples: 50, baselines: false, ${training} }`
    ]
    await writeFile(path, `${lines.join('\n')}\n`)
    return path
  }

  const labels = 'adapter_labels: [first, second, third]'

  test.each(['suffixes', 'regex-and-patterns', 'all-biases', 'all-linear-biases', 'saved-pooler'])(
    'without a step is exported as the adapter that it was, bit for bit: %s',
    async (name) => {
      const trained = await run('train', await yamlOf(name, labels, 'max_steps: 0'))
      expect(trained.stderr).toBe('')
      expect(last(trained)).toMatchObject({ event: 'finished', steps: 0 })
      const out = join(root, `back-${name}`)
      const exported = await run('export', join(root, `runs/${name}-1`), '--format', 'peft', '--out', out)
      expect(last(exported)).toMatchObject({ event: 'finished', replay: { changed_rows: 0 } })
      const [before, after] = await Promise.all(
        [adapterOf(name), out].map((folder) => openSafetensors(join(folder, 'adapter_model.safetensors')))
      )
      const kept = [...(before?.tensors.keys() ?? [])].filter((key) => !/original_module|modules_to_save/.test(key))
      expect([...(after?.tensors.keys() ?? [])].sort()).toEqual(kept.sort())
      for (const key of kept) expect(await readTensor(after!, key), key).toEqual(await readTensor(before!, key))
    }
  )

  /** The loss of each step. */
  async function lossesOf(folder: string): Promise<readonly number[]> {
    const text = await readFile(join(folder, 'metrics.jsonl'), 'utf8')
    const steps = text.split('\n').filter((line) => line.includes('"event":"step"'))
    return steps.map((line) => (JSON.parse(line) as { readonly loss: number }).loss)
  }

  /** Texts in which names and places are marked by their letters, with a question about each. */
  async function markedYaml(name: string, task: string, training: string): Promise<string> {
    const rows = Array.from({ length: 60 }, (_, row) => {
      const text = `${'defgh'.charAt(row % 5)} a ${'ijkl'.charAt(row % 4)} b ${'mnopq'.charAt(row % 5)} ${row % 9}`
      const spans = [
        { start: 2, end: 3, label: 'NAME' },
        { start: 6, end: 7, label: 'PLACE' }
      ]
      return { text, spans, question: 'w a', answer: JSON.stringify({ text: ['a'], answer_start: [2] }) }
    })
    const path = join(root, `${name}-${task}.yaml`)
    await writeFile(`${path}.jsonl`, rows.map((each) => `${JSON.stringify(each)}\n`).join(''))
    const columns = task === 'token-classification' ? 'label: spans' : 'question: question, answers: answer'
    const lines = [
      `task: ${task}`,
      `model: ${await baseOf(await caseOf(name))}`,
      `data: { file: ${path}.jsonl, text: text, ${columns} }`,
      `method: { type: lora, from_adapter: ${adapterOf(name)} }`,
      `training: { early_stopping: null, bootstrap_resamples: 50, baselines: false, ${training} }`
    ]
    await writeFile(path, `${lines.join('\n')}\n`)
    return path
  }

  test.each([
    ['tags', 'token-classification'],
    ['answers', 'question-answering']
  ] as const)('that marks passages or answers questions comes back bit for bit, and goes on learning: %s', async (name, task) => {
    const still = last(await run('train', await markedYaml(name, task, 'max_steps: 0')))
    expect(still).toMatchObject({ event: 'finished', steps: 0 })
    const out = join(root, `back-${name}`)
    const exported = last(await run('export', String(still['run']), '--format', 'peft', '--out', out))
    expect(exported).toMatchObject({ event: 'finished', replay: { changed_rows: 0 } })
    const [before, after] = await Promise.all(
      [adapterOf(name), out].map((folder) => openSafetensors(join(folder, 'adapter_model.safetensors')))
    )
    expect([...(after?.tensors.keys() ?? [])].sort()).toEqual([...(before?.tensors.keys() ?? [])].sort())
    const { outputs } = await caseOf(name)
    // The head comes back in the order of our tags.
    const ours = outputs && tagNames(['NAME', 'PLACE'], 'BIO').map((tag) => outputs.indexOf(tag))
    for (const [key, { shape }] of before?.tensors ?? []) {
      const [was, is] = [await readTensor(before!, key), await readTensor(after!, key)]
      const width = was.length / (shape[0] ?? 1)
      const rows = key.includes('classifier') && ours ? ours : [...Array(shape[0] ?? 1).keys()]
      expect([...is], key).toEqual(rows.flatMap((row) => [...was.subarray(row * width, (row + 1) * width)]))
    }
    const further = last(await run('train', await markedYaml(name, task, 'num_train_epochs: 20, learning_rate: 0.01')))
    const losses = await lossesOf(String(further['run']))
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 2)
  })

  test('goes on learning, and is exported merged', async () => {
    const trained = last(await run('train', await yamlOf('suffixes', labels, 'num_train_epochs: 4, learning_rate: 0.01')))
    expect(trained).toMatchObject({ event: 'finished', metrics: { test: { accuracy: expect.anything() } } })
    const folder = trained['run'] as string // Just seen to be finished.
    const out = join(root, 'merged')
    const exported = await run('export', folder, '--format', 'huggingface', '--out', out)
    expect(last(exported)).toMatchObject({ event: 'finished', replay: { changed_rows: 0 } })
    expect(await readdir(out)).toContain('model.safetensors')
    for (const name of ['README.md', 'datasheet.md', 'report.html', 'manifest.json', 'config.json']) {
      const text = await readFile(join(out, name), 'utf8')
      expect(text, name).not.toContain(fixtures)
      expect(text, name).not.toContain(root)
    }
    const manifest = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')) as { entries: { kind: string }[] }
    expect(manifest.entries.find(({ kind }) => kind === 'adapter')).toMatchObject({
      name: 'suffixes',
      files: [{ name: 'adapter_config.json' }, { name: 'adapter_model.safetensors' }]
    })
    expect(await readFile(join(out, 'README.md'), 'utf8')).toContain('The adapter that it went on from (`suffixes`): No licence')
    const losses = await lossesOf(folder)
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 2)
  })

  test('takes the head by the names of its classes, and starts it new where they are others', async () => {
    const order = await run(
      'plan',
      await yamlOf('suffixes', 'adapter_labels: [third, first, second]', 'max_steps: 1'),
      '--no-probe'
    )
    expect(order.events().filter(({ event }) => event === 'note')).toEqual([])
    const other = await run('plan', await yamlOf('suffixes', 'adapter_labels: [x, y, z]', 'max_steps: 1'), '--no-probe')
    expect(other.events().filter(({ code }) => code === 'adapter-head')).toMatchObject([
      { message: expect.stringContaining("starts new: its classes are 'x', 'y', 'z'") as unknown }
    ])
    const few = await run('plan', await yamlOf('suffixes', 'adapter_labels: [x, y]', 'max_steps: 1'), '--no-probe')
    expect(last(few)).toMatchObject({ code: 'adapter-labels' })
  })

  test('answers, is tested and says that it was never tested here, once it is imported by the command line', async () => {
    const model = await baseOf(await caseOf('suffixes'))
    const out = join(root, 'runs/imported')
    const words = ['import', adapterOf('suffixes'), '--model', model, '--out', out] as const
    expect(last(await run(...words))).toMatchObject({ code: 'adapter-labels' })
    const imported = await run(...words, '--labels', 'first, second, third')
    expect(last(imported)).toMatchObject({ event: 'finished', class_names: ['first', 'second', 'third'], rank: 4, layers: 4 })
    expect(last(await run(...words, '--labels', 'first,second,third'))).toMatchObject({ code: 'import-exists' })
    const data = await dataFile()
    const answers = join(root, 'answers.jsonl')
    expect(last(await run('predict', out, '--data', data, '--out', answers))).toMatchObject({ event: 'finished', rows: 90 })
    const [line = ''] = (await readFile(answers, 'utf8')).split('\n')
    expect(JSON.parse(line)).toMatchObject({ label: expect.stringMatching(/^(?:first|second|third)$/) as unknown })
    const exported = await run('export', out, '--format', 'peft', '--out', join(root, 'untested'))
    expect(last(exported)).toMatchObject({ code: 'export-untested' })
    await writeFile(
      join(root, 'again.yaml'),
      (await readFile(await yamlOf('suffixes', '', 'max_steps: 0'), 'utf8')).replace(adapterOf('suffixes'), out)
    )
    expect(last(await run('train', join(root, 'again.yaml')))).toMatchObject({ event: 'finished', steps: 0 })
  })
})
