import { metricTitle } from '../report/metrics.ts'
import { harmless } from '../base/wording.ts'
import { bytes, duration, NO_BREAK, percent, pointAndRange, quantity, significant, whole } from '../report/numbers.ts'
import type { TerminalOptions } from '../report/terminal.ts'
import type { FinishedEvent, TrainerTask } from '../worker/protocol.ts'
import { adapterFacts } from './adapter-facts.ts'
import { checkPage, deidentifyPage } from './deidentify-facts.ts'
import { exportFacts, reviewFacts, verifyFacts } from './export-facts.ts'
import { lookPage } from './look-facts.ts'
import { profilePage } from './profile-facts.ts'
import { factLines, numberAt, objectAt, textAt } from './facts.ts'

type Fact = readonly [title: string, value: string]

/** What a finished task has to say, for a person. */
export async function resultPage(task: TrainerTask, finished: FinishedEvent, options: TerminalOptions): Promise<string> {
  switch (task.kind) {
    case 'train':
      return (await reportPage(finished, options)) ?? page(trainFacts(finished))
    case 'plan':
      return page(planFacts(finished))
    case 'profile':
      return profilePage(finished)
    case 'probe':
      return page(memoryFacts(finished))
    case 'answer':
    case 'passages':
    case 'order-texts':
    case 'attribute':
    case 'compare':
    case 'try-device':
    case 'time-threads':
    case 'use':
    case 'save-answers':
    case 'save-marks':
    case 'save-asked':
    case 'fit':
    case 'look-adapter':
    case 'inspect-data':
    case 'find-rows':
    case 'scan-personal':
    case 'scrutinise':
    case 'measure-lengths':
    case 'clean-rows':
    case 'lay-table':
    case 'lay-documents':
    case 'unpack':
    case 'serve':
    case 'keep':
    case 'exportable':
      // The application asks these, or the command shows what came of it itself.
      return page([])
    case 'deidentify':
      return deidentifyPage(finished)
    case 'look':
      return lookPage(finished)
    case 'check-personal':
      return checkPage(finished)
    case 'import-adapter':
      return page(adapterFacts(finished))
    case 'export':
      return page(exportFacts(finished))
    case 'verify':
      return page(verifyFacts(finished))
    case 'review':
      return page(reviewFacts(finished))
    case 'evaluate':
      return page([['Rows', count(finished, 'rows')], ...metricFacts(finished), ...looks(finished)])
    case 'predict':
      return page([
        ['Answers', `${count(finished, 'rows')} rows in ${textAt(finished, 'out') ?? task.outFile}`],
        ...positive('Without an answer', finished, 'unanswered'),
        ...positive('Empty texts', finished, 'empty_rows'),
        ...positive('Cut texts', finished, 'truncated_rows')
      ])
  }
}

const page = (rows: readonly Fact[]): string => `${factLines(rows).replaceAll(NO_BREAK, ' ')}\n`

/** The run's own report; null for a run that wrote none. */
async function reportPage(finished: FinishedEvent, options: TerminalOptions): Promise<string | null> {
  const folder = textAt(finished, 'run')
  if (folder === null) return null
  const { storedReport } = await import('../report/stored-report.ts')
  const { renderReport } = await import('../report/terminal.ts')
  const report = await storedReport(folder)
  return report === null ? null : renderReport(report, options)
}

function trainFacts(finished: FinishedEvent): Fact[] {
  const seconds = numberAt(objectAt(finished, 'seconds'), 'total')
  return [
    ['Run', textAt(finished, 'run') ?? ''],
    ...metricFacts(finished),
    ...looks(finished),
    ...(seconds === null ? [] : [['Seconds', significant(seconds, 3)] as const]),
    ['Weights', textAt(finished, 'weights_hash') ?? '']
  ]
}

function planFacts(finished: FinishedEvent): Fact[] {
  const rows = objectAt(finished, 'rows')
  const model = objectAt(finished, 'model')
  const trainable = numberAt(finished, 'trainable_parameters') ?? 0
  const total = numberAt(finished, 'total_parameters') ?? 0
  return [
    ['Model', `${textAt(model, 'family') ?? ''}, texts of up to ${count(model, 'max_tokens')} tokens`],
    ['Rows', `${count(rows, 'train')} training, ${count(rows, 'validation')} validation, ${count(rows, 'test')} test`],
    ...Object.entries(objectAt(finished, 'skipped')).flatMap(([reason, n]): Fact[] =>
      typeof n === 'number' && n > 0 ? [['Left out', `${whole(n)} rows: ${reason.replaceAll('_', ' ')}`]] : []
    ),
    ['Cut texts', `${count(finished, 'truncated_rows')} rows, ${count(finished, 'truncated_tokens')} tokens`],
    ['Trained', `${quantity(trainable)} of ${quantity(total)} parameters (${percent(total > 0 ? trainable / total : 0)})`],
    ['Steps', count(finished, 'steps')],
    ...memoryFacts(finished),
    ...cardFacts(finished),
    ...diskFacts(finished),
    ...timeFacts(finished)
  ]
}

/** Memory as it was worked out and as one step of the run took it, mapped files beside it. */
function memoryFacts(finished: FinishedEvent): Fact[] {
  const memory = objectAt(finished, 'memory')
  const [predicted, probed, mapped] = ['predicted_bytes', 'probed_bytes', 'mapped_bytes'].map((name) => numberAt(memory, name))
  if (predicted === null || predicted === undefined) return []
  if (typeof probed !== 'number') return [['Memory', `about ${bytes(predicted)} (worked out, not measured)`]]
  const files = typeof mapped === 'number' && mapped > 0 ? `; files mapped besides: ${bytes(mapped)}` : ''
  return [['Memory', `${bytes(probed)} in a trial step (worked out: ${bytes(predicted)})${files}`]]
}

/** What the run would take of the card that computes it. */
function cardFacts(finished: FinishedEvent): Fact[] {
  const card = objectAt(finished, 'card')
  const [needed, free] = [numberAt(card, 'needed_bytes'), numberAt(card, 'free_bytes')]
  if (needed === null) return []
  return [['Card memory', `about ${bytes(needed)} (estimated)${free === null ? '' : `, where ${bytes(free)} are free`}`]]
}

/** What is written to each disk. */
function diskFacts(finished: FinishedEvent): Fact[] {
  const disks = finished['disk']
  if (!Array.isArray(disks)) return []
  return disks.map((disk: Readonly<Record<string, unknown>>): Fact => {
    const [needed, free] = [numberAt(disk, 'bytes') ?? 0, numberAt(disk, 'free') ?? 0]
    return ['Disk', `about ${bytes(needed)} in ${harmless(textAt(disk, 'folder') ?? '')}, where ${bytes(free)} are free`]
  })
}

function timeFacts(finished: FinishedEvent): Fact[] {
  const isMeasured = numberAt(finished, 'expected_seconds') !== null
  const from = isMeasured ? finished : objectAt(finished, 'card')
  const [expected, step] = ['expected_seconds', 'seconds_per_step'].map((name) => numberAt(from, name))
  if (typeof expected !== 'number' || typeof step !== 'number') return []
  const how = isMeasured ? '' : ', estimated from the test of the card'
  return [
    ['Time', `about ${duration(expected)} (${significant(step, 2)} s a step${how}), with baselines and report a little more`]
  ]
}

/** Test metrics with their 95 % intervals. */
function metricFacts(finished: FinishedEvent): Fact[] {
  const test = objectAt(objectAt(finished, 'metrics'), 'test')
  return Object.keys(test).flatMap((name): Fact[] => {
    const exact = numberAt(test, name)
    if (exact !== null) return [[metricTitle(name), significant(exact, 4)]]
    const estimate = objectAt(test, name)
    const [value, low, high] = ['value', 'low', 'high'].map((part) => numberAt(estimate, part))
    if (value === null || value === undefined) return []
    if (typeof low !== 'number' || typeof high !== 'number') return [[metricTitle(name), significant(value, 4)]]
    return [[metricTitle(name), pointAndRange({ value, low, high })]]
  })
}

const count = (value: Readonly<Record<string, unknown>>, name: string): string => whole(numberAt(value, name) ?? 0)

const positive = (title: string, finished: FinishedEvent, name: string): Fact[] =>
  (numberAt(finished, name) ?? 0) > 0 ? [[title, count(finished, name)]] : []

const looks = (finished: FinishedEvent): Fact[] => {
  const times = numberAt(finished, 'test_looks')
  return times === null ? [] : [['Test rows seen', times === 1 ? 'once' : `${whole(times)} times`]]
}
