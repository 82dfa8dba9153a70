import { classSentences, obligationSentences } from '../../base/licence/classes.ts'
import type { Licence } from '../../base/licence/read-licence.ts'
import { CARD_PARTS, type CardWords } from '../../report/card-words.ts'
import { comparable, metricsOf, metricTitle } from '../../report/metrics.ts'
import { decimalsOf, point, range, significant, whole } from '../../report/numbers.ts'
import { limitsSection } from '../../report/page-facts.ts'
import type { MetricTable, RunReport } from '../../report/run-report.ts'
import { headline } from '../../report/sentence.ts'
import { energySentence } from '../../report/energy.ts'
import type { AnsweringFile } from '../answering/answering-file.ts'
import type { ExportableRun } from '../define-exporter.ts'
import { frontMatter, metricNames } from './card-metadata.ts'
import { bullets, escaped, markdownTable, plain } from './markdown.ts'
import { memorisationDetails, memorisationSentence, type Memorisation } from './memorisation.ts'
import type { DatasheetAnswers } from './questions.ts'

export interface CardInput {
  readonly run: ExportableRun
  readonly report: RunReport
  /** Name of the base model: its folder's. */
  readonly baseName: string
  readonly licence: Licence
  /** The adapter that the run went on from; null where it went on from none. */
  readonly adapter: { readonly name: string; readonly licence: Licence } | null
  readonly languages: readonly string[]
  /** The program library that loads the files: `transformers`, `peft`, `onnx`. */
  readonly library: string
  /** How the files are used, in Markdown; empty where their form is known well enough. */
  readonly usage: string
  readonly answers: DatasheetAnswers
  /** What a person added to what is written here. */
  readonly words: CardWords
  readonly memorisation: Memorisation | null
  /** Which of the papers lie beside the card. */
  readonly beside: readonly string[]
  /** Metrics of the replay through the written files. */
  readonly replayed: {
    readonly part: string
    readonly rows: number
    readonly of: number
    readonly after: Readonly<Record<string, number>>
  }
}

const tasks: Readonly<Record<string, string>> = {
  single_label_classification: 'answers a text with exactly one of its labels',
  multi_label_classification: 'answers a text with any number of its labels',
  regression: 'answers a text with a number',
  'token-classification': 'marks the passages of its kinds in a text',
  'question-answering': 'answers questions with a passage of a text'
}

/** README.md with the metadata that Hugging Face reads. It names labels and numbers, never a row of the data. */
export function modelCard(input: CardInput): string {
  return [
    ...frontMatter(input),
    ...about(input),
    ...use(input),
    ...results(input),
    ...limits(input),
    ...terms(input),
    ...verifying(input)
  ].join('\n')
}

function about({ run, report, baseName, usage }: CardInput): readonly string[] {
  const { model, training, speed, run: made } = report
  return [
    `# ${escaped(made.name)}`,
    '',
    `Fine-tuned with Attune from \`${baseName.replaceAll('`', '')}\` by ${escaped(model.method.title)}. It ${tasks[run.problem] ?? 'answers a text'}.`,
    '',
    ...labelsOf(run),
    ...(usage === '' ? [] : ['## How to use it', '', usage.trim(), '']),
    '## How it was made',
    '',
    ...bullets([
      `${whole(model.trainableParameters)} of ${whole(model.parameters)} parameters were trained, in ${whole(training.steps)} steps (seed ${made.seed}), on this machine alone: ${escaped(speed.device)}.`,
      cutSentence(run),
      ...(report.energy ? [energySentence(report.energy)] : [])
    ])
  ]
}

function labelsOf({ classNames, marks, answering }: ExportableRun): readonly string[] {
  if (answering) return questionLines(answering)
  if (classNames.length === 0) return []
  if (!marks) return ['Labels, in the order of its outputs:', '', ...classNames.map(labelLine), '']
  const told = `Each token is answered with one of ${whole(marks.tags.length)} tags (${marks.scheme}).`
  return ['Kinds of passages:', '', ...bullets(classNames.map(escaped)), told, '']
}

/** The questions that it learned to ask, in their first wording. */
function questionLines({ questions }: AnsweringFile): readonly string[] {
  if (questions === null)
    return ['It learned questions that differ from text to text, and is asked with a question and a text.', '']
  const lines = Object.entries(questions).map(([name, [wording = '']]) => `${escaped(name)}: ${escaped(wording)}`)
  return ['Questions that it learned to ask of every text (others can be asked; that was not tested):', '', ...bullets(lines)]
}

function cutSentence({ maxLength, marks, answering }: ExportableRun): string {
  const stride = (marks ?? answering)?.stride ?? 0
  return stride > 0
    ? `Texts longer than ${whole(maxLength)} tokens were read in windows that overlap by ${whole(stride)}.`
    : `Texts were cut to ${whole(maxLength)} tokens.`
}

const labelLine = (name: string, i: number): string => `${i}. ${escaped(name)}`

function use({ answers, report, words }: CardInput): readonly string[] {
  const { rows } = report.data
  const named = words.intended === '' ? ' Whoever exported it named no further use.' : ''
  return [
    '## Intended use and limits',
    '',
    ...bullets([
      escaped(answers.intended_uses ?? `For texts like those that it was tested on.${named}`),
      ...(answers.unsuitable_uses === undefined ? [] : [`Not for: ${escaped(answers.unsuitable_uses)}`]),
      'What it does on other kinds of text, in other languages or in years to come was not tested. Measure it on rows of your own before you rely on it, and leave decisions that matter to a person.'
    ]),
    ...ownWords(words),
    '## Training data',
    '',
    `${whole(rows.train)} rows to learn from, ${whole(rows.validation)} to choose by and ${whole(rows.test)} to test on; they are not in this folder.${answers.title === undefined ? '' : ` The data: ${escaped(answers.title)}.`}`,
    ''
  ]
}

const ownTitles: Readonly<Record<keyof CardWords, string>> = {
  intended: 'What it is meant for',
  limits: 'Where it must not be relied on',
  further: 'Further words'
}

/** What the person wrote, paragraph by paragraph, said to be theirs. */
function ownWords(words: CardWords): readonly string[] {
  return CARD_PARTS.flatMap((part) => {
    const paragraphs = words[part]
      .split(/\r?\n/)
      .map((line) => escaped(line.trim()))
      .filter((line) => line !== '')
    if (paragraphs.length === 0) return []
    return [`### ${ownTitles[part]}, in the words of whoever exported it`, '', ...paragraphs.flatMap((line) => [line, ''])]
  })
}

function results({ run, report, replayed }: CardInput): readonly string[] {
  const judged = comparable(report)
  const { evaluation } = report
  const own = evaluation?.kind === 'spans' || evaluation?.kind === 'answers' ? evaluation.metrics : {}
  const estimates: MetricTable = judged ? metricsOf(judged) : own
  const rows = metricNames(run, report).map((name) => {
    const estimate = estimates[name]
    const after = replayed.after[name]
    return [
      metricTitle(name),
      estimate ? point(estimate) : significant(run.metrics[name] ?? Number.NaN, 4),
      estimate ? range(estimate, decimalsOf(estimate)) : 'not measured',
      after === undefined ? 'not defined' : significant(after, 4)
    ]
  })
  const share = replayed.rows === replayed.of ? `all ${whole(replayed.of)}` : `${whole(replayed.rows)} of ${whole(replayed.of)}`
  return [
    '## Results',
    '',
    plain(headline(report).text),
    '',
    ...(rows.length === 0 ? [] : markdownTable(['metric', 'tested', '95 % interval', 'through these files'], rows)),
    `The last column was measured by replaying ${share} ${replayed.part} rows through the files of this folder.`,
    ''
  ]
}

function limits({ report, memorisation }: CardInput): readonly string[] {
  const items = limitsSection(report).blocks.flatMap((block) => (block.kind === 'list' ? block.items : []))
  return [
    '## What the result does not say',
    '',
    ...bullets(items),
    ...(memorisation === null
      ? []
      : [
          '## Does it give away its training rows?',
          '',
          plain(memorisationSentence(memorisation)),
          '',
          ...bullets(memorisationDetails(memorisation))
        ])
  ]
}

/** What a licence of something in the lineage asks for. */
function licenceTerms(what: string, name: string, licence: Licence): readonly string[] {
  const named = licence.name === null ? '' : ` is under \`${licence.name.replaceAll('`', '')}\``
  return [
    `The ${what} (\`${name.replaceAll('`', '')}\`)${named}: ${classSentences[licence.class]}`,
    ...licence.obligations.map((each) => obligationSentences[each])
  ]
}

/** Obligations along the lineage: the base model's licence, that of an adapter, then the data's. */
function terms({ licence, adapter, baseName, answers }: CardInput): readonly string[] {
  const base = [
    ...licenceTerms('base model', baseName, licence),
    ...(licence.files.length === 0 ? [] : [`Its text lies beside: ${licence.files.map((name) => `\`${name}\``).join(', ')}.`]),
    ...(adapter === null ? [] : licenceTerms('adapter that it went on from', adapter.name, adapter.licence)),
    'What was made from them is bound by their licences too. This is a summary, no legal advice.'
  ]
  const data = answers.licence === undefined ? [] : [`The data are under: ${escaped(answers.licence)}`]
  return ['## Licence and obligations', '', ...bullets([...base, ...data])]
}

function verifying({ beside }: CardInput): readonly string[] {
  const more = beside.length === 0 ? '' : ` Beside it: ${beside.map((name) => `\`${name}\``).join(', ')}.`
  return [
    '## How to check it',
    '',
    '`manifest.json` says what the model was made from and the SHA-256 of every file, each entry chained to the one before and the end signed.',
    `\`attune verify FOLDER\` checks all of it, and with \`--data FILE\` the metrics.${more}`,
    ''
  ]
}
