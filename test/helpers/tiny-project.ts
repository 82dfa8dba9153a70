import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Random } from '../../src/main/base/random.ts'
import { trainWordPiece } from '../../src/main/engine/text/train-wordpiece.ts'

const fixtures = join(import.meta.dirname, '../fixtures/encoders/models')

/** Words of few letters, so that a vocabulary of 40 tokens (that of the tiny models) holds them. */
const signal = { good: ['abba', 'baba'], bad: ['cede', 'dece'], odd: ['faca', 'caff'] } as const
const filler = ['dab', 'bed', 'fade', 'cab', 'ace', 'bead', 'deaf', 'face']

export interface TinyProject {
  readonly folder: string
  /** Writes `<name>.yaml` with these lines in `training`, and `extra` lines at the top level. */
  readonly config: (
    name: string,
    training: Readonly<Record<string, unknown>>,
    extra?: Readonly<Record<string, string>>
  ) => Promise<string>
}

/** `rows` lines `id,text,label` of three classes that words give away, with some noise. (seed, rows) decides them. */
export function tinyTable(rows: number, seed: number): string {
  const random = new Random(seed, 'tiny-project')
  const names = Object.keys(signal) as (keyof typeof signal)[] // The keys of the object above.
  const pick = <T>(items: readonly T[]): T => items[random.below(items.length)] as T // `below` stays inside.
  const lines = Array.from({ length: rows }, (_, row) => {
    const label = names[row % names.length] as keyof typeof signal // The remainder stays inside.
    const words = Array.from({ length: 2 + random.below(6) }, () => pick(filler))
    // Numbering the rows keeps texts from being duplicates of each other.
    words.splice(random.below(words.length), 0, random.uniform() < 0.9 ? pick(signal[label]) : pick(filler), numeral(row))
    return `row-${row},${words.join(' ')},${label}`
  })
  return `id,text,label\n${lines.join('\n')}\n`
}

/** A number in the letters a to f. */
const numeral = (n: number): string => [...n.toString(6)].map((digit) => 'abcdef'.charAt(Number(digit))).join('')

/**
 * A project with a two-layer BERT of random weights and dropout (bert-3-dropout, written by scripts/reference/encoders.py), a vocabulary trained on its
 * texts, and 180 rows of data.
 */
export async function makeTinyProject(folder: string): Promise<TinyProject> {
  const model = join(folder, 'model')
  await mkdir(model, { recursive: true })
  const source = join(fixtures, 'bert-3-dropout')
  for (const name of await readdir(source)) {
    if (name === 'config.json' || name.endsWith('.safetensors')) await cp(join(source, name), join(model, name))
  }
  const table = tinyTable(180, 1)
  await writeFile(join(folder, 'data.csv'), table)
  await writeFile(join(folder, 'more.csv'), tinyTable(30, 2))
  const texts = table.split('\n').map((line) => line.split(',')[1] ?? '')
  await writeFile(join(model, 'tokenizer.json'), await trainWordPiece(texts, { vocabularySize: 40 }))
  return {
    folder,
    async config(name, training, extra = {}) {
      const top = {
        task: 'text-classification',
        model: './model',
        output: './runs',
        method: '{ type: lora, r: 4, lora_dropout: 0.1 }',
        ...extra
      }
      const data = extra['data'] === undefined ? ['data: { file: data.csv, text: text, label: label, id: id }'] : []
      const lines = [
        ...Object.entries(top).map(([key, value]) => `${key}: ${value}`),
        ...data,
        'training:',
        ...Object.entries(training).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`)
      ]
      const path = join(folder, `${name}.yaml`)
      await writeFile(path, `${lines.join('\n')}\n`)
      return path
    }
  }
}
