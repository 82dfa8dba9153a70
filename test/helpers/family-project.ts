import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { trainWordPiece } from '../../src/main/engine/text/train-wordpiece.ts'
import { tinyQuestions } from './tiny-questions.ts'
import { marksFile, tinyDocuments } from './tiny-marks.ts'
import { tinyTable } from './tiny-project.ts'

const fixtures = join(import.meta.dirname, '../fixtures/encoders/models')

export const families = ['bert', 'roberta', 'distilbert', 'xlm-roberta', 'camembert'] as const
export type Family = (typeof families)[number]

/** What a text is asked for, by the lines of run.yaml that say so. */
export const kinds = {
  single: { task: 'text-classification', data: '{ file: single.csv, text: text, label: label, id: id }' },
  multi: { task: 'text-classification', data: '{ file: multi.csv, text: text, label: label, id: id, label_separator: ";" }' },
  regression: { task: 'regression', data: '{ file: regression.csv, text: text, label: label, id: id }' },
  pairs: { task: 'text-classification', data: '{ file: pairs.csv, text: text, text_pair: other, label: label, id: id }' }
} as const
export type Kind = keyof typeof kinds

/** Tokens in the vocabulary of the tiny models (scripts/reference/encoders.py). */
const VOCABULARY = 40

/** A project with a tiny random model of each family, each with a tokenizer of its family's form, and a table for each kind of question. */
export async function makeFamilyProject(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  const rows = tinyTable(90, 1)
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',') as [string, string, string]) // As tinyTable writes them.
  const texts = rows.map(([, text]) => text)
  await writeTables(folder, rows)
  for (const family of families) {
    const model = join(folder, family)
    await cp(join(fixtures, `${family}-3`), model, { recursive: true })
    await writeFile(join(model, 'tokenizer.json'), await tokenizerOf(family, texts))
    const isBert = family === 'bert' || family === 'distilbert'
    const config = isBert
      ? { tokenizer_class: 'BertTokenizer', ...BERT_ROLES }
      : { tokenizer_class: 'TokenizersBackend', ...ROBERTA_ROLES }
    await writeFile(join(model, 'tokenizer_config.json'), JSON.stringify(config))
  }
  return folder
}

const BERT_ROLES = { pad_token: '[PAD]', unk_token: '[UNK]', cls_token: '[CLS]', sep_token: '[SEP]', mask_token: '[MASK]' }
const ROBERTA_ROLES = {
  ...{ bos_token: '<s>', cls_token: '<s>', eos_token: '</s>', sep_token: '</s>' },
  ...{ pad_token: '<pad>', unk_token: '<unk>', mask_token: '<mask>' }
}

/** run.yaml of one family and kind; two epochs are enough to move every trained weight. */
export async function familyConfig(
  folder: string,
  family: Family,
  kind: Kind,
  more: Readonly<Record<string, string>> = {}
): Promise<string> {
  const path = join(folder, `${family}-${kind}.yaml`)
  const training = {
    num_train_epochs: 2,
    per_device_train_batch_size: 16,
    learning_rate: 0.003,
    early_stopping: null,
    bootstrap_resamples: 50,
    baselines: false
  }
  const top = {
    model: `./${family}`,
    output: './runs',
    method: '{ type: lora, r: 4, target_modules: all-linear }',
    ...kinds[kind],
    ...more
  }
  const lines = [
    ...Object.entries(top).map(([key, value]) => `${key}: ${value}`),
    'training:',
    ...Object.entries(training).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`)
  ]
  await writeFile(path, `${lines.join('\n')}\n`)
  return path
}

/** run.yaml of a run that marks passages, with `marks.jsonl` beside it: short texts, so that most fit one window. */
export async function marksFamilyConfig(
  folder: string,
  family: Family,
  name: string,
  { head = {}, method }: { readonly head?: object; readonly method: object }
): Promise<string> {
  await writeFile(join(folder, 'marks.jsonl'), marksFile(tinyDocuments(90, 3, 2)))
  const training = {
    num_train_epochs: 20,
    per_device_train_batch_size: 16,
    learning_rate: 0.005,
    early_stopping: null,
    bootstrap_resamples: 50,
    baselines: false
  }
  const data = { file: 'marks.jsonl', text: 'text', label: 'marks', id: 'id' }
  const settings = { task: 'token-classification', model: `./${family}`, output: './runs', data, head, method, training }
  const path = join(folder, `${family}-${name}.yaml`)
  await writeFile(path, JSON.stringify(settings))
  return path
}

/** run.yaml of a run that answers two questions about each text, in windows, by an adapter whose words' vectors learn with it. */
export async function questionsFamilyConfig(folder: string, family: Family): Promise<string> {
  await writeFile(join(folder, 'asked.jsonl'), marksFile(tinyDocuments(160, 3, 6)))
  const training = {
    ...{ num_train_epochs: 40, per_device_train_batch_size: 8, learning_rate: 0.01, max_length: 16 },
    ...{ early_stopping: null, bootstrap_resamples: 50, baselines: false }
  }
  const method = { type: 'lora', r: 8, target_modules: 'all-linear', bias: 'all', modules_to_save: ['word_embeddings'] }
  const data = { file: 'asked.jsonl', text: 'text', answers: 'marks', id: 'id', questions: tinyQuestions }
  const settings = { task: 'question-answering', model: `./${family}`, output: './runs', data, method, training }
  const path = join(folder, `${family}-answers.yaml`)
  await writeFile(path, JSON.stringify(settings))
  return path
}

async function writeTables(folder: string, rows: readonly (readonly [string, string, string])[]): Promise<void> {
  const scores: Readonly<Record<string, number>> = { bad: 210, good: 870, odd: 540 }
  const table = (head: string, line: (row: readonly [string, string, string], i: number) => string): string =>
    `${head}\n${rows.map(line).join('\n')}\n`
  const others = ['odd', 'good', 'bad']
  await writeFile(
    join(folder, 'single.csv'),
    table('id,text,label', (row) => row.join(','))
  )
  await writeFile(
    join(folder, 'multi.csv'),
    table(
      'id,text,label',
      ([id, text, label], i) => `${id},${text},${[label, ...(i % 2 === 0 ? [others[i % 3]] : [])].join(';')}`
    )
  )
  await writeFile(
    join(folder, 'regression.csv'),
    table('id,text,label', ([id, text, label], i) => `${id},${text},${(scores[label] ?? 0) + (i % 7)}`)
  )
  await writeFile(
    join(folder, 'pairs.csv'),
    table('id,text,other,label', ([id, text, label]) => {
      const words = text.split(' ')
      return `${id},${words.slice(0, 3).join(' ')},${words.slice(3).join(' ') || 'face'},${label}`
    })
  )
}

async function tokenizerOf(family: Family, texts: readonly string[]): Promise<string> {
  if (family === 'bert' || family === 'distilbert') return trainWordPiece(texts, { vocabularySize: VOCABULARY })
  const specials = ['<s>', '<pad>', '</s>', '<unk>', '<mask>']
  const mark = family === 'roberta' ? 'Ġ' : '▁'
  const { tokens, merges } = trainPairs(texts, mark, VOCABULARY - specials.length)
  const added = specials.map((content, id) => ({
    id,
    content,
    special: true,
    single_word: false,
    lstrip: content === '<mask>',
    rstrip: false,
    normalized: false
  }))
  const common = { version: '1.0', truncation: null, padding: null, added_tokens: added, normalizer: null }
  if (family === 'roberta') {
    const vocab = Object.fromEntries([...specials, ...tokens].map((token, id) => [token, id]))
    const level = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true }
    return JSON.stringify({
      ...common,
      pre_tokenizer: level,
      post_processor: {
        type: 'RobertaProcessing',
        sep: ['</s>', 2],
        cls: ['<s>', 0],
        trim_offsets: true,
        add_prefix_space: true
      },
      decoder: level,
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: '',
        end_of_word_suffix: '',
        fuse_unk: false,
        byte_fallback: false,
        vocab,
        merges
      }
    })
  }
  const special = (id: string): object => ({ SpecialToken: { id, type_id: 0 } })
  const sequence = (id: string): object => ({ Sequence: { id, type_id: 0 } })
  const metaspace = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true }
  return JSON.stringify({
    ...common,
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, metaspace] },
    post_processor: {
      type: 'TemplateProcessing',
      single: [special('<s>'), sequence('A'), special('</s>')],
      pair: [special('<s>'), sequence('A'), special('</s>'), special('</s>'), sequence('B'), special('</s>')],
      special_tokens: Object.fromEntries(
        [
          ['<s>', 0],
          ['</s>', 2]
        ].map(([id, n]) => [id, { id, ids: [n], tokens: [id] }])
      )
    },
    decoder: metaspace,
    model: {
      type: 'Unigram',
      unk_id: 3,
      byte_fallback: false,
      vocab: [...specials.map((token) => [token, 0]), ...tokens.map((token, i) => [token, -1 - i / 10])]
    }
  })
}

/** Byte-pair merges of words that begin with `mark`: the most frequent pair first, ties in the order of their letters. */
function trainPairs(texts: readonly string[], mark: string, size: number): { tokens: string[]; merges: string[] } {
  let words = texts.flatMap((text) => text.split(' ')).map((word) => [mark, ...word])
  const tokens = [...new Set(words.flat())].sort()
  const merges: string[] = []
  while (tokens.length < size) {
    const counts = new Map<string, number>()
    for (const word of words)
      for (let i = 1; i < word.length; i++)
        counts.set(`${word[i - 1]} ${word[i]}`, (counts.get(`${word[i - 1]} ${word[i]}`) ?? 0) + 1)
    const [best] = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]!
    merges.push(best)
    const joined = best.replace(' ', '')
    tokens.push(joined)
    words = words.map((word) => {
      const out: string[] = []
      for (const piece of word) {
        if (out.length > 0 && `${out.at(-1)} ${piece}` === best) out[out.length - 1] = joined
        else out.push(piece)
      }
      return out
    })
  }
  return { tokens: [...new Set(tokens)], merges }
}
