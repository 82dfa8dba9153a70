import type { RunReport, SplitPart } from '../../report/run-report.ts'
import { percent, whole } from '../../report/numbers.ts'
import { SKIPPED, ownEntry } from '../../report/words.ts'
import type { ExportableRun } from '../define-exporter.ts'
import { bullets, escaped, markdownTable, plain } from './markdown.ts'
import { datasheetQuestions, datasheetSections, type DatasheetAnswers, type DatasheetSection } from './questions.ts'

const parts: readonly (readonly [SplitPart, string])[] = [
  ['train', 'training'],
  ['validation', 'validation'],
  ['test', 'test']
]

const unanswered = 'Not answered.'

/** What the table counts rows by. */
const countedAs: Readonly<Partial<Record<RunReport['task']['kind'], string>>> = {
  spans: 'rows with a passage of the kind',
  answers: 'texts with an answer to'
}

/**
 * datasheet.md: what the record of the run knows of its data, and what a person answered to the questions of *Datasheets for Datasets*. It names
 * columns and labels and counts rows; it holds none.
 */
export function datasheet(report: RunReport, run: Pick<ExportableRun, 'problem'>, answers: DatasheetAnswers): string {
  const known: Readonly<Partial<Record<DatasheetSection, readonly string[]>>> = {
    Composition: composition(report),
    'Preprocessing and labelling': preprocessing(report),
    Uses: [`These rows were used to train and test a model (${run.problem.replaceAll('_', ' ')}).`],
    Distribution: ['No row of the data is in this folder unless it holds a report with examples, which says so.']
  }
  const sections = datasheetSections.flatMap((section) => [
    `## ${section}`,
    '',
    ...(known[section] ? ['What the record says:', '', ...bullets(known[section]), ...countsOf(report, section)] : []),
    ...datasheetQuestions
      .filter((each) => each.section === section)
      .flatMap(({ key, question }) => [`**${question}** ${escaped(answers[key] ?? '') || unanswered}`, ''])
  ])
  const title = answers.title === undefined ? '' : `: ${escaped(answers.title)}`
  return ['# Datasheet of the data' + title, '', ...intro, ...sections].join('\n')
}

const intro = [
  'The questions are those of *Datasheets for Datasets* (Gebru et al. 2021) that apply to texts with labels. What the record of the training says was',
  'counted by Attune; the other answers are those of the person who exported the model.',
  ''
]

function composition({ data, task }: RunReport): readonly string[] {
  const { rows, groups, groupColumn, duplicates } = data
  const all = rows.train + rows.validation + rows.test
  return [
    `${whole(all)} rows were used: ${parts.map(([part, name]) => `${whole(rows[part])} for ${name}`).join(', ')}.`,
    ...answersSentence({ data, task }),
    groups && groupColumn !== null
      ? `Rows that share a value of the column "${escaped(groupColumn)}" were kept in one part; there are ${whole(groups.train)}, ${whole(groups.validation)} and ${whole(groups.test)} such groups.`
      : 'No column was named by which rows belong together; each row was split on its own.',
    duplicates.sets === 0
      ? 'No text occurs twice.'
      : `${whole(duplicates.sets)} texts occur more than once (${whole(duplicates.extraRows)} extra rows); equal texts were kept in one part. In ${whole(duplicates.conflictingSets)} of them the labels disagree (${whole(duplicates.conflictingRows)} rows).`
  ]
}

/** What the rows are answered with. */
function answersSentence({ data, task }: Pick<RunReport, 'data' | 'task'>): readonly string[] {
  const named = whole(data.classNames.length)
  if (task.kind === 'regression') return ['Each has a number as its answer.']
  if (task.kind === 'spans') return [`There are ${named} kinds of marked passages.`]
  if (task.kind !== 'answers') return [`There are ${named} labels.`]
  const asked = data.classNames.length === 0 ? 'a question about a text' : `one of ${named} questions, asked of every text,`
  return [`Each row is ${asked} with the passages that answer it, or none.`]
}

/** Rows of each label in each part. */
function countsOf({ data: { classCounts, classNames }, task }: RunReport, section: DatasheetSection): readonly string[] {
  if (section !== 'Composition' || !classCounts) return []
  const rows = classNames.map((name, c) => [escaped(name), ...parts.map(([part]) => whole(classCounts[part][c] ?? 0))])
  return markdownTable([countedAs[task.kind] ?? 'label', ...parts.map(([, name]) => name)], rows)
}

function preprocessing({ data }: RunReport): readonly string[] {
  const { skipped, truncatedRows, truncatedTokens, totalTokens, maxLength } = data
  const left = Object.entries(skipped).filter(([, count]) => count > 0)
  return [
    left.length === 0
      ? 'No row was left out.'
      : `Left out: ${left.map(([reason, count]) => `${whole(count)} rows (${ownEntry(SKIPPED, reason) ?? escaped(reason)})`).join(', ')}.`,
    truncatedRows === 0
      ? `No text was longer than the ${whole(maxLength)} tokens that the model reads.`
      : `${whole(truncatedRows)} texts were longer than the ${whole(maxLength)} tokens that the model reads; ${plain(percent(truncatedTokens / Math.max(1, totalTokens)))} of all tokens were cut.`
  ]
}
