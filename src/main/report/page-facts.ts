import { harmless, listed } from '../base/wording.ts'
import { className, quoted } from './names.ts'
import type { Block, Section } from './blocks.ts'
import { costRows, electricitySentence } from './cost.ts'
import { stepValues } from './diagnosis.ts'
import { classRowsOf, comparable, FEW_ROWS, FEW_ROWS_OF_CLASS, metricPhrase } from './metrics.ts'
import { bytes, compact, duration, percent, quantity, settingNumber, significant, whole } from './numbers.ts'
import type { RunReport, SettingValue, SplitPart } from './run-report.ts'
import { limits, page as words, PHASES, SKIPPED, ownEntry } from './words.ts'

const { facts, headings } = words

const settingText = (value: SettingValue): string => {
  return typeof value === 'number' ? settingNumber(value) : harmless(String(value))
}

const settingsText = (settings: Readonly<Record<string, SettingValue>>): string =>
  Object.entries(settings)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${harmless(name)}: ${settingText(value)}`)
    .join(', ')

type Row = readonly [title: string, value: string]

function modelRows({ model }: RunReport): Row[] {
  const { method, parameters, trainableParameters } = model
  const settings = settingsText(method.settings)
  const share = percent(parameters === 0 ? 0 : trainableParameters / parameters)
  return [
    [facts.model, `${harmless(model.title)} (${harmless(model.family)})`],
    [facts.method, settings === '' ? harmless(method.title) : `${harmless(method.title)}: ${settings}`],
    [facts.trained, facts.trainedShare(quantity(trainableParameters), quantity(parameters), share)]
  ]
}

function stepRows({ training }: RunReport): Row[] {
  const { steps, totalSteps, epochs, plannedEpochs, stoppedEarly, bestStep, bestMetric, settings } = training
  const ofEpochs = epochs === plannedEpochs ? compact(epochs) : `${compact(epochs)} of ${compact(plannedEpochs)}`
  const done = facts.stepsOf(whole(steps), whole(totalSteps), ofEpochs)
  const rows: Row[] = [[facts.steps, stoppedEarly ? `${done}; ${facts.stoppedEarly}` : done]]
  if (bestStep !== null && bestMetric)
    rows.push([facts.best, facts.bestAt(whole(bestStep), metricPhrase(bestMetric.name), significant(bestMetric.value, 3))])
  const chosen = settingsText(settings)
  if (chosen !== '') rows.push([facts.settings, chosen])
  return rows
}

function machineRows({ run, speed, energy, cost }: RunReport): Row[] {
  const rows = cost && cost.seconds > 0 ? `; ${facts.rowsPerSecond(significant(cost.rows / cost.seconds))}` : ''
  const phases = Object.entries(run.secondsByPhase).map(
    ([name, seconds]) => `${(ownEntry(PHASES, name) ?? harmless(name)).toLowerCase()} ${duration(seconds)}`
  )
  const memory = speed.predictedRssBytes === null ? '' : `; ${facts.predicted(bytes(speed.predictedRssBytes))}`
  return [
    [facts.time, phases.length === 0 ? duration(run.seconds) : `${duration(run.seconds)} (${phases.join(', ')})`],
    [facts.speed, `${facts.tokens(whole(speed.tokensPerSecond))}${rows}`],
    ...(cost ? costRows(cost) : []),
    [facts.memory, `${facts.peak(bytes(speed.peakRssBytes))}${memory}`],
    ...(energy ? [[facts.energy, electricitySentence(energy, cost?.gridIntensity ?? null)] satisfies Row] : []),
    [facts.device, harmless(speed.device)],
    [facts.seed, String(run.seed)]
  ]
}

/** What was trained, how, how fast, and the curves. */
export function trainingSection(report: RunReport): Section {
  const rows = [...modelRows(report), ...stepRows(report), ...machineRows(report)]
  return { title: headings.training, blocks: [{ kind: 'facts', rows }, curves(report)] }
}

/** Validation metrics on the scale of the training loss; a regression's errors are in the target's own unit and are not. */
const LOSSES = ['loss', 'log_loss']

function curves({ training: { curves, bestMetric, bestStep, steps } }: RunReport): Block {
  const [first, last] = [curves.training[0], curves.training.at(-1)]
  if (!first || !last) return { kind: 'text', text: words.noCurve }
  const name = bestMetric?.name ?? 'loss'
  const lossName =
    LOSSES.find((each) => each !== name && curves.validation.some(({ metrics }) => metrics[each] !== undefined)) ?? null
  const sentence = words.curve(significant(first.loss), significant(last.loss), steps)
  return {
    kind: 'curves',
    sentence: bestStep === null ? sentence : `${sentence} ${words.curveBest(bestStep)}`,
    training: curves.training,
    metric: words.validationOf(metricPhrase(name)),
    validation: stepValues(curves.validation, name),
    validationLoss: lossName === null ? [] : stepValues(curves.validation, lossName),
    bestStep
  }
}

const PARTS: readonly SplitPart[] = ['train', 'validation', 'test']

export function dataSection({ data }: RunReport): Section {
  const { files, rows, groups, classCounts, classNames, notes } = data
  const counted = classCounts ? classNames.map((name) => className(name)) : []
  const shownClasses = counted.length <= 6 ? counted : []
  const blocks: Block[] = [
    ...(files.length === 0 ? [] : [{ kind: 'facts', rows: [[facts.source, listed(files.map(harmless), 10)]] } satisfies Block]),
    {
      kind: 'table',
      caption: null,
      columns: [
        { title: words.columns.part, align: 'left' },
        { title: words.columns.allRows, align: 'right' },
        ...(groups ? [{ title: words.columns.groups, align: 'right' } as const] : []),
        ...shownClasses.map((title) => ({ title, align: 'right' }) as const)
      ],
      rows: PARTS.map((part) => [
        words.parts[part],
        whole(rows[part]),
        ...(groups ? [whole(groups[part])] : []),
        ...shownClasses.map((_, c) => whole(classCounts?.[part][c] ?? 0))
      ])
    }
  ]
  if (notes.length > 0) blocks.push({ kind: 'list', items: notes.map(harmless) })
  return { title: headings.data, blocks }
}

/** What a careful reader must know before trusting the result. */
export function limitsSection(report: RunReport): Section {
  const items = [...testLimits(report), ...dataLimits(report), ...methodLimits(report)]
  return { title: headings.limits, blocks: [{ kind: 'list', items }] }
}

function testLimits(report: RunReport): string[] {
  const { evaluation, testLooks } = report
  if (evaluation === null) return []
  const items = [limits.looks(testLooks)]
  if (evaluation.rows < FEW_ROWS) items.push(limits.fewRows(evaluation.rows))
  const judged = comparable(report)
  const classes = evaluation.kind === 'spans' ? evaluation.perType : judged ? classRowsOf(judged) : []
  const namesOf = (rows: typeof classes): string =>
    listed(
      rows.map(({ name }) => quoted(name)),
      5
    )
  const few = classes.filter(({ support }) => support > 0 && support < FEW_ROWS_OF_CLASS)
  const absent = classes.filter(({ support }) => support === 0)
  if (few.length > 0 && evaluation.rows >= FEW_ROWS) items.push(limits.fewOfClass(namesOf(few)))
  if (absent.length > 0) items.push(limits.absent(namesOf(absent), absent.length))
  return items
}

function dataLimits({ data }: RunReport): string[] {
  const { groupColumn, groups, skipped, truncatedRows, truncatedTokens, totalTokens, maxLength, duplicates } = data
  const items = [groups ? limits.byGroups(quoted(groupColumn ?? 'group')) : limits.noGroups]
  const reasons = Object.entries(skipped).filter(([, count]) => count > 0)
  if (reasons.length > 0)
    items.push(
      limits.skipped(
        reasons.map(([reason, count]) => limits.skippedReason(count, ownEntry(SKIPPED, reason) ?? harmless(reason))).join(', ')
      )
    )
  if (truncatedRows > 0)
    items.push(limits.truncated(truncatedRows, maxLength, percent(Math.min(1, truncatedTokens / Math.max(1, totalTokens)))))
  if (duplicates.sets > 0) items.push(limits.duplicates(duplicates.sets, duplicates.extraRows))
  return items
}

function methodLimits({ calibration, training, evaluation }: RunReport): string[] {
  const items: string[] = []
  if (calibration.temperatures) items.push(limits.calibrated)
  if (calibration.thresholds) items.push(limits.thresholds)
  if (training.prefix !== null) items.push(limits.prefix(harmless(training.prefix)))
  if (evaluation && evaluation.kind !== 'masked-lm') {
    const { level, resamples, unit, seed } = evaluation.intervals
    items.push(limits.intervals(percent(level), whole(resamples), unit, seed))
  }
  return items
}

export function filesSection({ run }: RunReport): Section {
  const rows: Row[] = [
    ...(run.folder === '' ? [] : [[facts.folder, harmless(run.folder)] satisfies Row]),
    ...run.files.map(({ title, path }): Row => [harmless(title), harmless(path)]),
    ...(run.weightsHash === null ? [] : [[facts.weights, harmless(run.weightsHash)] satisfies Row]),
    [facts.created, harmless(run.createdAt)]
  ]
  return { title: headings.files, blocks: [{ kind: 'facts', rows }] }
}
