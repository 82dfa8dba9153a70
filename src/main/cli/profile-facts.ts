import type { ProfileRow, StepPart } from '../engine/training/step-profile.ts'
import type { StepProfile } from '../engine/training/profile-steps.ts'
import { counted, harmless } from '../base/wording.ts'
import { decimal, NO_BREAK, percent, whole } from '../report/numbers.ts'
import type { FinishedEvent } from '../worker/protocol.ts'
import { factLines, textAt } from './facts.ts'

/** Operators that are shown by name; those after them are summed. */
const SHOWN = 15

type Profile = StepProfile & { readonly device: string }

/** Where the time of a step goes, as `attune profile` prints it. */
export function profilePage(finished: FinishedEvent): string {
  const profile = finished['profile'] as Profile // Made by profileRun; JSON keeps its shape.
  const { operators } = profile
  const parts = [
    factLines(headFacts(profile)),
    factLines(stepFacts(profile)),
    ...(operators === null
      ? ["The device's operators are not timed."]
      : [
          table('Block', operators.blocks),
          table('Operator', shownRows(operators.operators)),
          'Shares are of the operators\' time. "Once more" is what was not kept for the gradient and is computed again. GFLOP/s count matrix products alone.'
        ]),
    `Kept in ${harmless(textAt(finished, 'profile_file') ?? '')}`
  ]
  return `${parts.join('\n\n').replaceAll(NO_BREAK, ' ')}\n`
}

type Fact = readonly [title: string, value: string]

function headFacts({ device, steps, texts, tokens, microBatches }: Profile): Fact[] {
  const cut = microBatches > 1 ? ` in ${microBatches} micro-batches` : ''
  return [
    ['Device', device],
    ['Batch', `${counted(texts, 'text')}, ${counted(tokens, 'token')} with padding${cut}`],
    ['Measured', `mean of ${counted(steps, 'step')}, with the profiler on`]
  ]
}

function stepFacts({ computing, norm, optimizer, preparing, operators }: Profile): Fact[] {
  const step = computing + norm + optimizer
  const of = (time: number): string => `${milliseconds(time)} (${percent(time / step)})`
  const inside: Fact[] =
    operators === null
      ? [['  Forward and backward', of(computing)]]
      : [
          ...(Object.keys(partTitles) as StepPart[]).map((part): Fact => [`  ${partTitles[part]}`, of(operators.parts[part])]), // Its keys are the parts.
          ['  Between operators', of(Math.max(0, computing - operators.milliseconds))]
        ]
  return [
    ['Step', `${milliseconds(step)}${rate(operators?.gflopPerSecond ?? null)}`],
    ...inside,
    ['  Gradient norm', of(norm)],
    ['  Optimizer', of(optimizer)],
    ['Beside the step', `${milliseconds(preparing)} for the next batch and its dropout masks`]
  ]
}

const partTitles: Readonly<Record<StepPart, string>> = { forward: 'Forward', recomputed: 'Once more', backward: 'Backward' }

const milliseconds = (time: number): string => `${decimal(time, time < 10 ? 2 : 1)} ms`
const rate = (gflop: number | null): string => (gflop === null ? '' : `, operators at ${whole(Math.round(gflop))} GFLOP/s`)

/** The longest by name, and the sum of the rest. */
function shownRows(rows: readonly ProfileRow[]): readonly ProfileRow[] {
  const rest = rows.slice(SHOWN)
  if (rest.length < 2) return rows
  const sum = (of: (row: ProfileRow) => number): number => rest.reduce((total, row) => total + of(row), 0)
  const inPart = (part: StepPart): number => sum(({ parts }) => parts[part])
  return [
    ...rows.slice(0, SHOWN),
    {
      name: `${rest.length} others`,
      calls: sum(({ calls }) => calls),
      milliseconds: sum((row) => row.milliseconds),
      share: sum(({ share }) => share),
      parts: { forward: inPart('forward'), recomputed: inPart('recomputed'), backward: inPart('backward') },
      gflopPerSecond: null
    }
  ]
}

/** Columns of milliseconds: one of names, the rest numbers, right-aligned. */
function table(title: string, rows: readonly ProfileRow[]): string {
  const head = [title, 'calls', 'forward', 'once more', 'backward', 'ms', 'share', 'GFLOP/s']
  const cells = rows.map(({ name, calls, parts, milliseconds: time, share, gflopPerSecond }) => [
    ...[name, whole(Math.round(calls)), decimal(parts.forward, 2), decimal(parts.recomputed, 2), decimal(parts.backward, 2)],
    ...[decimal(time, 2), percent(share), gflopPerSecond === null ? '' : whole(Math.round(gflopPerSecond))]
  ])
  const widths = head.map((text, i) => Math.max(text.length, ...cells.map((row) => row[i]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd()
  return [head, ...cells].map(line).join('\n')
}
