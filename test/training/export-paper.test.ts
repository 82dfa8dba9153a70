import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { CliEvent, CliRun } from '../helpers/attune.ts'
import { hostedAttune } from '../helpers/hosted-attune.ts'
import { makeTinyProject, tinyTable, type TinyProject } from '../helpers/tiny-project.ts'

const training = {
  num_train_epochs: 3,
  per_device_train_batch_size: 16,
  learning_rate: 0.003,
  early_stopping: null,
  bootstrap_resamples: 50,
  baselines: false
}

let root: string
let home: string
let project: TinyProject
let letters: string

const run = (...words: readonly string[]): Promise<CliRun> => hostedAttune([...words, '--json'], { home })
const last = (cli: CliRun): CliEvent => cli.events().at(-1) ?? { event: 'nothing' }
const exported = (runFolder: string, out: string, ...more: readonly string[]): Promise<CliRun> =>
  run('export', runFolder, '--format', 'huggingface', '--out', join(root, out), ...more)
const read = (out: string, name: string): Promise<string> => readFile(join(root, out, name), 'utf8')

/** Each row holds words of its own in every column: its text, its identity and its group. */
const planted = (row: number): readonly string[] => [`zqtext${row}zq`, `zqid${row}zq`, `zqgroup${row % 60}zq`]

async function plantedTable(path: string): Promise<void> {
  const lines = tinyTable(180, 1).trim().split('\n')
  const rows = lines.slice(1).map((line, row) => {
    const [, text, label] = line.split(',')
    const [word, id, group] = planted(row)
    return `${id},${text} ${word},${group},${label}`
  })
  await writeFile(path, `id,text,patient,label\n${rows.join('\n')}\n`)
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-paper-test-'))
  home = join(root, 'home')
  await mkdir(home)
  project = await makeTinyProject(join(root, 'project'))
  await writeFile(join(project.folder, 'model/README.md'), '---\nlicense: cc-by-nc-sa-4.0\nlanguage: [en, de]\n---\n# Tiny\n')
  await plantedTable(join(project.folder, 'planted.csv'))
  const data = '{ file: planted.csv, text: text, label: label, id: id, group: patient }'
  const cli = await run('train', await project.config('letters', training, { data }))
  expect(cli.stderr).toBe('')
  letters = join(project.folder, 'runs/letters-1')
})

afterAll(() => rm(root, { recursive: true, force: true }))

describe('what goes into an export', () => {
  test('is card, datasheet and report, and no word of any row', async () => {
    const cli = await exported(letters, 'usual')
    expect(last(cli)).toMatchObject({ event: 'finished', licence: { name: 'cc-by-nc-sa-4.0', class: 'non-commercial' } })
    expect(cli.events()).toContainEqual(expect.objectContaining({ event: 'note', code: 'licence' }))
    expect(await readdir(join(root, 'usual'))).toEqual(expect.arrayContaining(['README.md', 'datasheet.md', 'report.html']))
    for (const name of await readdir(join(root, 'usual'))) {
      const text = (await readFile(join(root, 'usual', name), 'latin1')).toLowerCase()
      expect(text, name).not.toMatch(/zq(?:text|id|group)/)
      expect(text, name).not.toContain(root.toLowerCase())
      expect(text, name).not.toContain('planted.csv')
    }
    const report = await read('usual', 'report.html')
    expect(report).not.toContain('Worst errors')
    expect(report).toContain('Does the model give away its training rows?')
    expect(report).toContain('Electricity')
    expect(report).toContain('Short and long texts')
  })

  test.each(['peft', 'onnx'])('is without any word of a row in every form: %s', async (format) => {
    const out = join(root, `form-${format}`)
    expect(last(await run('export', letters, '--format', format, '--out', out))).toMatchObject({ event: 'finished' })
    const names = await readdir(out)
    expect(names).toEqual(expect.arrayContaining(['README.md', 'datasheet.md', 'report.html', 'manifest.json']))
    for (const name of names)
      expect((await readFile(join(out, name), 'latin1')).toLowerCase(), name).not.toMatch(/zq(?:text|id|group)/)
  })

  test('holds the texts of the worst errors where that is ticked, and of no other row', async () => {
    await exported(letters, 'ticked', '--examples')
    const found = new Set((await read('ticked', 'report.html')).match(/zqtext\d+zq/g))
    const { evaluation } = JSON.parse(await readFile(join(letters, 'report.json'), 'utf8')) as {
      evaluation: { worstErrors: { row: number }[] }
    }
    // Line 1 is the header.
    expect([...found].sort()).toEqual(evaluation.worstErrors.map(({ row }) => planted(row - 2)[0]).sort())
    expect(found.size).toBeGreaterThan(0)
    expect(await read('ticked', 'README.md')).not.toContain('zqtext')
    expect(await read('ticked', 'datasheet.md')).not.toContain('zqtext')
  })

  test('can be the model alone', async () => {
    await exported(letters, 'bare', '--no-card', '--no-report')
    expect((await readdir(join(root, 'bare'))).sort()).toEqual([
      'config.json',
      'manifest.json',
      'model.safetensors',
      'tokenizer.json'
    ])
    expect(last(await exported(letters, 'odd', '--no-report', '--examples'))).toMatchObject({ code: 'usage' })
  })
})

describe('groups in the report', () => {
  let wards: string
  beforeAll(async () => {
    const lines = tinyTable(400, 3).trim().split('\n')
    const ward = (row: number): string =>
      ['zqnorth', 'zqsouth', 'zqnorth', 'zqsouth', row % 40 === 4 ? 'zqattic' : 'zqsouth'][row % 5] ?? ''
    const rows = lines.slice(1).map((line, row) => `${line},${ward(row)}`)
    await writeFile(join(project.folder, 'wards.csv'), `${lines[0] ?? ''},ward\n${rows.join('\n')}\n`)
    const data = '{ file: wards.csv, text: text, label: label, id: id, split: { train: 0.5, validation: 0.2, test: 0.3 } }'
    expect((await run('train', await project.config('wards', training, { data }))).code).toBe(0)
    wards = join(project.folder, 'runs/wards-1')
  })

  test('are means alone, none of fewer than 20 rows, and there only where they are asked for', async () => {
    expect(last(await exported(wards, 'wards', '--report-groups', 'ward'))).toMatchObject({ event: 'finished' })
    const report = await read('wards', 'report.html')
    expect(report).toContain('By ward')
    expect(report).toContain('zqsouth')
    expect(report).not.toContain('zqattic')
    expect(report).toContain('2 groups together')
    expect(await read('wards', 'README.md')).not.toContain('zq')
    await exported(wards, 'ungrouped')
    expect(await read('ungrouped', 'report.html')).not.toMatch(/zq|By ward/)
  })

  test('are refused by what makes none, and nothing is kept', async () => {
    expect(last(await exported(wards, 'by-id', '--report-groups', 'id'))).toMatchObject({ code: 'report-groups' })
    expect(last(await exported(wards, 'by-nothing', '--report-groups', 'ward', '--no-report'))).toMatchObject({ code: 'usage' })
    expect(await readdir(root)).not.toContain('by-id')
  })
})

describe('what the model is for', () => {
  test('is held against the licence of its base model, before it is trained and as it leaves', async () => {
    const conflict = {
      event: 'note',
      code: 'licence-purpose',
      message: expect.stringContaining('Licence of model (cc-by-nc-sa-4.0)')
    }
    const plan = ['plan', join(project.folder, 'letters.yaml'), '--no-probe']
    expect((await run(...plan, '--purpose', 'commercial')).events()).toContainEqual(conflict)
    expect((await run(...plan, '--purpose', 'inside')).events()).not.toContainEqual(conflict)
    expect((await exported(letters, 'sold', '--purpose', 'commercial')).events()).toContainEqual(conflict)
    expect(last(await exported(letters, 'wrong', '--purpose', 'profit'))).toMatchObject({
      code: 'usage',
      message: "--purpose cannot be 'profit'. It is one of research, inside, commercial."
    })
  })
})

describe('the model card', () => {
  test('has what a person wrote for it, beside what is written there', async () => {
    await writeFile(join(letters, 'card.json'), JSON.stringify({ limits: 'Never for children.' }))
    await exported(letters, 'own-words')
    await rm(join(letters, 'card.json'))
    const card = await read('own-words', 'README.md')
    expect(card).toContain('### Where it must not be relied on, in the words of whoever exported it\n\nNever for children.')
    expect(card).toContain('What it does on other kinds of text')
  })

  test('has the metadata that Hugging Face reads, with the numbers of the test', async () => {
    await exported(letters, 'card')
    const card = await read('card', 'README.md')
    const front: unknown = parse(/^---\n([\s\S]*?)\n---\n/.exec(card)?.[1] ?? '')
    const { evaluation } = JSON.parse(await readFile(join(letters, 'report.json'), 'utf8')) as {
      evaluation: { metrics: { accuracy: { value: number } } }
    }
    expect(front).toMatchObject({
      license: 'cc-by-nc-sa-4.0',
      language: ['en', 'de'],
      library_name: 'transformers',
      pipeline_tag: 'text-classification',
      base_model: 'model',
      'model-index': [
        {
          name: 'letters',
          results: [
            {
              task: { type: 'text-classification' },
              dataset: { type: 'private', name: 'own data, test rows' },
              metrics: expect.arrayContaining([
                { type: 'accuracy', value: expect.closeTo(evaluation.metrics.accuracy.value, 9), name: 'Accuracy' }
              ])
            }
          ]
        }
      ]
    })
    for (const part of ['Intended use and limits', 'Training data', 'Licence and obligations', 'How to check it'])
      expect(card).toContain(`## ${part}`)
    expect(card).toContain('Do not use it, or what was made from it, commercially.')
    expect(card).toContain('attune verify')
  })

  test('and the datasheet carry what a person answered beside the data', async () => {
    const answers =
      'title: Letters of *2025*\nlicence: Internal only\nintended_uses: Sorting letters\nconsent: Patients were told\n'
    await writeFile(join(project.folder, 'planted.datasheet.yaml'), answers)
    await exported(letters, 'answered')
    const sheet = await read('answered', 'datasheet.md')
    expect(sheet).toContain('# Datasheet of the data: Letters of \\*2025\\*')
    expect(sheet).toContain('on what legal ground are the data used?** Patients were told')
    expect(sheet).toContain('180 rows were used')
    expect(sheet).toContain('Rows that share a value of the column "patient" were kept in one part')
    expect(sheet).toMatch(/\| bad \| \d+ \| \d+ \| \d+ \|/)
    const card = await read('answered', 'README.md')
    expect(card).toContain('- Sorting letters')
    expect(card).toContain('The data are under: Internal only')
    await writeFile(join(root, 'wrong.yaml'), 'title: x\ntitel: y\n')
    const refused = last(await exported(letters, 'refused', '--datasheet', join(root, 'wrong.yaml')))
    expect(refused).toMatchObject({
      code: 'datasheet',
      message: expect.stringContaining("line 2: There is no question 'titel'. Did you mean 'title'?")
    })
  })
})

describe('the check of what a model gives away', () => {
  const free = { hidden_dropout_prob: 0, attention_probs_dropout_prob: 0, weight_decay: 0, bootstrap_resamples: 20 }
  const data = '{ file: noise.csv, text: text, label: label, id: id, split: { train: 0.4, validation: 0, test: 0.6 } }'

  /** Labels without reason: they can only be learned by heart. */
  async function noise(): Promise<void> {
    const lines = tinyTable(300, 5).trim().split('\n')
    const names = ['bad', 'good', 'odd']
    const rows = lines.slice(1).map((line, row) => line.replace(/,[a-z]+$/, `,${names[(row * 7919 + (row >> 2)) % 3] ?? ''}`))
    await writeFile(join(project.folder, 'noise.csv'), `${lines[0] ?? ''}\n${rows.join('\n')}\n`)
  }

  test.each([
    ['overfit', 'strong', { num_train_epochs: 120, learning_rate: 0.01 }],
    ['untrained', 'none', { num_train_epochs: 1, learning_rate: 1e-9 }]
  ] as const)('finds an %s run to be %s', async (name, level, settings) => {
    await noise()
    const own = { ...training, ...free, ...settings, eval_strategy: 'no', per_device_train_batch_size: 8 }
    const cli = await run('train', await project.config(name, own, { data, method: '{ type: full }' }))
    expect(cli.code).toBe(0)
    const finished = last(await exported(join(project.folder, `runs/${name}-1`), name))
    expect(finished).toMatchObject({ memorisation: { level, members: 120, outsiders: 180, trainingRows: 120 } })
    const manifest = JSON.parse(await read(name, 'manifest.json')) as { entries: { kind: string; level?: string }[] }
    expect(manifest.entries.find(({ kind }) => kind === 'memorisation')).toMatchObject({ level, training_rows: 120 })
    expect(await read(name, 'README.md')).toContain(level === 'strong' ? 'Strong: by how sure' : 'Not shown: by how sure')
  })
})
