import type { RunResult } from '../../preload/contract/runs.ts'
import type { SingleLabelResult } from '../engine/evaluation/index.ts'
import { baselineName, capital, FEW_ROWS, FEW_ROWS_OF_CLASS, inOrder } from './metrics.ts'
import { className, quoted } from './names.ts'
import { percent, percentRange } from './numbers.ts'
import type { RunReport } from './run-report.ts'
import { headlineParts } from './sentence.ts'
import { headlines as words } from './words.ts'

/** The class that must not be missed, and what the sentence about it is made of. */
export interface NamedClass {
  readonly name: string
  /** What one row is, in the plural: `letters`. */
  readonly noun: string
  /** Rows of the class that each baseline found; empty for runs that did not keep what the baselines said. */
  readonly foundBy: readonly { readonly id: string; readonly title: string; readonly found: number }[]
}

/** What opens the Result screen: the sentence to quote, what it was set beside, and whether it is worth using. */
export function quotable(report: RunReport, named: NamedClass | null): Pick<RunResult, 'headline' | 'beside' | 'verdict'> {
  const { lead, beside, warning, unclear, compared } = headlineParts(report)
  const { evaluation } = report
  const verdict = verdictOf(warning, unclear, compared)
  const own = evaluation?.kind === 'single-label' && named !== null ? classHeadline(evaluation, named) : null
  if (own === null || evaluation?.kind !== 'single-label' || named === null)
    return { headline: lead, beside: beside.join(' '), verdict }
  // The class that was asked about leads; the sentence about all classes is then part of what it stands beside.
  return { headline: own, beside: [...besideClass(evaluation, named, report.data.groupColumn), lead].join(' '), verdict }
}

function verdictOf(warning: string | null, unclear: string | null, compared: boolean): RunResult['verdict'] {
  if (warning !== null) return { tone: 'fail', sentence: warning }
  if (unclear !== null) return { tone: 'look', sentence: unclear }
  return compared ? { tone: 'good', sentence: words.better } : null
}

/** A class's name in a sentence; only one that could be misread stands in quotes. */
const spoken = (name: string): string => (/^\p{Ll}[\p{Ll}-]*$/u.test(name) ? className(name) : quoted(name))

/** How many rows of the class were found, and how many of its alarms were right; the interval first where the rows are few. */
function classHeadline({ rows, perClass, confusion }: SingleLabelResult, { name, noun }: NamedClass): string | null {
  const at = perClass.findIndex((row) => row.name === name)
  const own = perClass[at]
  if (!own?.recall) return null
  const hits = confusion[at]?.[at] ?? 0
  const said = spoken(name)
  const range = percentRange(own.recall)
  const isFew = rows < FEW_ROWS || own.support < FEW_ROWS_OF_CLASS
  const found = isFew
    ? words.foundClassRange(hits, own.support, said, noun, `${range}\u00a0%`)
    : words.foundClass(hits, own.support, said, noun, percent(own.recall.value), range)
  return `${found} ${own.predicted === 0 ? words.neverSaid(said) : words.alarmsRight(hits, own.predicted)}`
}

/** What the baselines find of the class, and what the rows are. */
function besideClass(
  { rows, perClass }: SingleLabelResult,
  { name, noun, foundBy }: NamedClass,
  groupColumn: string | null
): readonly string[] {
  const support = perClass.find((row) => row.name === name)?.support ?? 0
  const found = inOrder(foundBy).map((each) => words.finds(capital(baselineName(each, 'single-label')), each.found))
  return [...found, words.testedOn(rows, noun, support, spoken(name), groupColumn)]
}
