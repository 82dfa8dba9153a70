import type { RunResult } from '../../preload/contract/runs.ts'
import type { SingleLabelResult } from '../engine/evaluation/index.ts'
import { quoted } from './names.ts'
import { percent, percentRange } from './numbers.ts'
import type { RunReport } from './run-report.ts'
import { headlineParts } from './sentence.ts'
import { headlines as words } from './words.ts'

/** What opens the Result screen: the sentence to quote, what it was set beside, and whether it is worth using. */
export function quotable(report: RunReport, mustNotMiss: string | null): Pick<RunResult, 'headline' | 'beside' | 'verdict'> {
  const { lead, beside, warning, unclear, compared } = headlineParts(report)
  const { evaluation } = report
  const named = evaluation?.kind === 'single-label' && mustNotMiss !== null ? classHeadline(evaluation, mustNotMiss) : null
  // The class that was asked about leads; the overall sentence is then part of what it stands beside.
  return {
    headline: named ?? lead,
    beside: [...(named === null ? [] : [lead]), ...beside].join(' '),
    verdict: verdictOf(warning, unclear, compared)
  }
}

function verdictOf(warning: string | null, unclear: string | null, compared: boolean): RunResult['verdict'] {
  if (warning !== null) return { good: false, sentence: warning }
  if (unclear !== null) return { good: false, sentence: unclear }
  return compared ? { good: true, sentence: words.better } : null
}

/** How many rows of one class were found, and how many of its alarms were right. */
function classHeadline({ perClass, confusion, intervals }: SingleLabelResult, name: string): string | null {
  const at = perClass.findIndex((row) => row.name === name)
  const own = perClass[at]
  if (!own?.recall) return null
  const hits = confusion[at]?.[at] ?? 0
  const interval = words.interval(percent(intervals.level))
  const found = words.found(hits, own.support, quoted(name), percent(own.recall.value), interval, percentRange(own.recall))
  return `${found} ${words.alarms(hits, own.predicted, quoted(name))}`
}
