import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Random } from '../../src/main/base/random.ts'
import { spansCell, type Span } from '../../src/main/data/spans/span.ts'
import { makeTinyProject, type TinyProject } from './tiny-project.ts'

/** Words in the letters of the tiny vocabulary: names are of one word, places of two, and some words are also other words. */
const names = ['abba', 'baba', 'faba']
const places = ['cede dace', 'dece cade', 'cede']
const filler = ['dab', 'bed', 'fade', 'cab', 'ace', 'bead', 'deaf', 'face', 'faba']

/** A text and its marks. */
export interface TinyDocument {
  readonly id: string
  readonly text: string
  readonly spans: readonly Span[]
}

/** `count` texts of `words` words and more with names and places; every fifth begins with a character beyond 16 bits. (seed, count, words) decides them. */
export function tinyDocuments(count: number, seed: number, words = 6): TinyDocument[] {
  const random = new Random(seed, 'tiny-marks')
  const pick = (items: readonly string[]): string => items[random.below(items.length)] ?? ''
  return Array.from({ length: count }, (_, row) => {
    let text = row % 5 === 0 ? '😀 ' : ''
    const spans: Span[] = []
    const add = (word: string, label?: string): void => {
      if (label !== undefined) spans.push({ start: text.length, end: text.length + word.length, label })
      text += `${word}${random.uniform() < 0.2 ? ', ' : ' '}`
    }
    for (let i = 0; i < words + random.below(4); i++) {
      const draw = random.uniform()
      if (draw < 0.15) add(pick(names), 'NAME')
      else if (draw < 0.3) add(pick(places), 'PLACE')
      else add(pick(filler))
    }
    // Numbering the rows keeps texts from being duplicates of each other.
    add([...row.toString(6)].map((digit) => 'abcdef'.charAt(Number(digit))).join(''))
    return { id: `doc-${row}`, text: text.trim(), spans }
  })
}

/** Texts with marks as JSON Lines: the marks as a list, or in every third row as its text. */
export const marksFile = (documents: readonly TinyDocument[]): string =>
  documents
    .map(({ id, text, spans }, row) => {
      const cell = spansCell(text, spans)
      return `${JSON.stringify({ id, text, marks: row % 3 === 0 ? cell : (JSON.parse(cell) as unknown) })}\n` // Written a line above.
    })
    .join('')

export interface TinyMarks extends TinyProject {
  /** Writes `<name>.yaml` with these settings in `training`, and `extra` in place of sections. */
  readonly marksConfig: (
    name: string,
    training: Readonly<Record<string, unknown>>,
    extra?: Readonly<Record<string, object>>
  ) => Promise<string>
}

/** The tiny project with `marks.jsonl` and `more-marks.jsonl`, and a run.yaml that learns to find them. */
export async function makeTinyMarks(folder: string, words = 6): Promise<TinyMarks> {
  const project = await makeTinyProject(folder)
  await writeFile(join(folder, 'marks.jsonl'), marksFile(tinyDocuments(160, 1, words)))
  await writeFile(join(folder, 'more-marks.jsonl'), marksFile(tinyDocuments(40, 2, words)))
  return {
    ...project,
    async marksConfig(name, training, extra = {}) {
      const settings = {
        task: 'token-classification',
        model: './model',
        data: { file: 'marks.jsonl', text: 'text', label: 'marks', id: 'id' },
        method: { type: 'full' },
        training: {
          num_train_epochs: 12,
          learning_rate: 0.02,
          early_stopping: null,
          per_device_train_batch_size: 16,
          threads: 1,
          bootstrap_resamples: 200,
          ...training
        },
        ...extra
      }
      const path = join(folder, `${name}.yaml`)
      await writeFile(path, JSON.stringify(settings))
      return path
    }
  }
}
