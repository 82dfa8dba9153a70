import { counted } from '../base/wording.ts'
import type { Examples } from '../engine/training/examples.ts'
import type { RunSettings } from '../engine/training/run-settings.ts'
import type { PrepareContext } from './prepare.ts'

/** Says how many texts, or questions about them, are longer than what the model reads at once, where nothing of them is cut off. */
export function noteWindows(
  parts: readonly Examples[],
  { truncation, maxLength }: Pick<RunSettings, 'truncation' | 'maxLength'>,
  isAsked: boolean,
  onNote: PrepareContext['onNote']
): void {
  if (truncation !== 'windows') return
  let [long, windows, most] = [0, 0, 0]
  for (const each of parts) {
    for (const own of windowsOf(each)) {
      if (own < 2) continue
      long++
      windows += own
      most = Math.max(most, own)
    }
  }
  if (long === 0) return
  const what = isAsked
    ? counted(long, 'question is about a text longer', 'questions are about texts longer')
    : counted(long, 'text is longer', 'texts are longer')
  onNote(
    'windows',
    `${what} than the ${maxLength} tokens that the model reads at once: read in ${counted(windows, 'overlapping window')}, ${most} at most, so that nothing is cut off.`
  )
}

/** Windows of each row; one that stands several times in training counts once. */
function windowsOf({ rows, rowOf }: Pick<Examples, 'rows' | 'rowOf'>): number[] {
  const times = new Map<number, number>()
  for (const row of rows) times.set(row, (times.get(row) ?? 0) + 1)
  const windows = new Map<number, number>()
  for (const row of rowOf) windows.set(row, (windows.get(row) ?? 0) + 1)
  return [...windows].map(([row, all]) => all / (times.get(row) ?? 1))
}
