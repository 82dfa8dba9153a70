import { cp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { changeJson, keepTensors, labelled, rows, table, withConfig, type BadCase } from './bad-case.ts'

/** Puts a finished run into `runs/trained-1` of a folder, made from the folder's own model. */
export async function trainedRun(source: string, folder: string): Promise<void> {
  const run = join(folder, 'runs/trained-1')
  await cp(source, run, { recursive: true })
  const path = join(run, 'config.json')
  const stored = JSON.parse(await readFile(path, 'utf8')) as { config: object } // As train writes it.
  const config = { ...stored.config, model: join(folder, 'model'), output: join(folder, 'runs') }
  await writeFile(path, JSON.stringify({ ...stored, config }))
}

const evaluate = ['evaluate', 'runs/trained-1', '--data', 'data.csv'] as const
const predict = (out: string): readonly string[] => ['predict', 'runs/trained-1', '--data', 'data.csv', '--out', out]
const label = 'among the classes this model was trained on'

/** `evaluate` and `predict`, and what is said about what they are given. */
export const answerCases: readonly BadCase[] = [
  {
    name: 'answers over the file to be answered',
    words: predict('./model/../data.csv'),
    says: 'data.csv is the file to be answered and would be replaced by its answers. Name another file with --out.'
  },
  {
    name: 'answers over a link to it',
    words: predict('link.csv'),
    prepare: (folder) => symlink('data.csv', join(folder, 'link.csv')),
    says: 'link.csv is the file to be answered and would be replaced by its answers. Name another file with --out.'
  },
  {
    name: 'answers over another file',
    words: predict('notes.csv'),
    files: { 'notes.csv': 'precious\n' },
    says: 'notes.csv exists and holds something else than answers. Name another file with --out, or move this one away.'
  },
  {
    name: "answers over the run's own record",
    words: predict('runs/trained-1/metrics.jsonl'),
    says: 'metrics.jsonl exists and holds something else than answers. Name another file with --out, or move this one away.'
  },
  {
    name: 'answers in a folder that is not there',
    words: predict('none/answers.csv'),
    says: 'answers.csv cannot be written: there is no folder <folder>/none. Make it first, or name another file with --out.'
  },
  {
    name: 'answers below a file',
    words: predict('data.csv/answers.csv'),
    says: 'answers.csv cannot be written: <folder>/data.csv is a file, not a folder. Choose a folder, or name another file with --out.'
  },
  {
    name: 'answers as a workbook',
    words: predict('answers.xlsx'),
    says: "answers.xlsx has the extension '.xlsx'. Predictions are written to .csv or .jsonl."
  },
  {
    name: 'rows without the column of texts',
    words: predict('answers.csv'),
    files: table(rows, 'id,body,label'),
    says: "data.csv has no column 'text', which data.text names. Its columns are 'id', 'body', 'label'. Name one of these, or write the names of the columns in the first line of the file."
  },
  {
    name: 'a header alone',
    words: predict('answers.csv'),
    files: table([]),
    says: 'data.csv has column names but no rows below them. Is it the right file?'
  },
  {
    name: 'rows without the column of labels',
    words: evaluate,
    files: table(rows, 'id,text,answer'),
    says: "data.csv has no column 'label', which data.label names. Its columns are 'id', 'text', 'answer'. Name one of these, or write the names of the columns in the first line of the file."
  },
  {
    name: 'a label that it does not know',
    words: evaluate,
    files: table([...rows, 'z,abba,weird']),
    says: `The label 'weird' in data.csv (first at line 62) is not ${label}. The classes are 'bad', 'good', 'odd'. Correct the labels, or leave the rows out.`
  },
  {
    name: 'a label in capitals',
    words: evaluate,
    files: table(labelled((row) => (row % 2 === 0 ? 'bad' : 'BAD'))),
    says: `The label 'BAD' in data.csv (first at line 3) is not ${label}. Did you mean 'bad'? The classes are 'bad', 'good', 'odd'. Correct the labels, or leave the rows out.`
  },
  {
    name: 'to go without its model',
    words: evaluate,
    prepare: (folder) => rm(join(folder, 'model'), { recursive: true }),
    says: 'The model that the run in runs/trained-1 was made from is no longer in <folder>/model. Put it back there.'
  },
  {
    name: 'a model whose arithmetic changed',
    words: evaluate,
    prepare: withConfig({ hidden_act: 'relu' }),
    says: 'The model in <folder>/model is not the one that the run in runs/trained-1 was made from: its config.json changed. Put the original back.'
  },
  {
    name: 'a model with other weights',
    words: evaluate,
    prepare: keepTensors((name, _, bytes) => ({ name, bytes: bytes.map((byte) => byte ^ 1) })),
    says: 'The model in <folder>/model is not the one that the run in runs/trained-1 was made from: its weights changed. Put the original back.'
  },
  {
    name: 'a model with another tokenizer',
    words: evaluate,
    prepare: changeJson('tokenizer.json', (json) => ({ ...json, normalizer: { type: 'Lowercase' } })),
    says: 'The model in <folder>/model is not the one that the run in runs/trained-1 was made from: its tokenizer changed. Put the original back.'
  },
  {
    name: 'to go without its checkpoints',
    words: evaluate,
    prepare: (folder) => rm(join(folder, 'runs/trained-1/checkpoints'), { recursive: true }),
    says: 'The run in runs/trained-1 has no checkpoint to answer with. Train it again.'
  },
  {
    name: 'a record that was edited',
    words: evaluate,
    prepare: (folder) => writeFile(join(folder, 'runs/trained-1/model.json'), '{}'),
    says: 'The file model.json of the run in runs/trained-1 is damaged. Restore it from a copy, or train the run again.'
  }
]
