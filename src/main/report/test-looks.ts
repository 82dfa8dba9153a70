import { dirname, join } from 'node:path'
import { systemCodeOf } from '../base/errors.ts'
import { writeJsonAtomic } from '../base/files.ts'
import { readFile } from '../base/sealed/fs.ts'
import { readPassages } from './passages.ts'
import { readPredictions } from './predictions.ts'
import type { RunReport } from './run-report.ts'
import { readAnswers } from './stored-answers.ts'

/** Looks at test sets by the split's hash, for all runs below one output folder: the command line and the application count together. */
const fileName = 'test-looks.json'

async function readCounts(output: string): Promise<Readonly<Record<string, number>>> {
  const text = await readFile(join(output, fileName), 'utf8').catch(neverCounted)
  return JSON.parse(text) as Record<string, number> // Written below.
}

/** Counts how often a test set has been consulted, by the split's hash, over all runs below `output`. */
export async function countTestLook(output: string, splitHash: string): Promise<number> {
  const counts = await readCounts(output)
  const looks = (counts[splitHash] ?? 0) + 1
  await writeJsonAtomic(join(output, fileName), { ...counts, [splitHash]: looks })
  return looks
}

/** How often this test set has been consulted until now. */
export async function testLooks(output: string, splitHash: string): Promise<number> {
  return (await readCounts(output))[splitHash] ?? 0
}

/** How often the test rows of the run in `folder` have been consulted: its report knows the looks until it was written; others may have followed. */
export async function looksUntilNow(folder: string, report: RunReport): Promise<number> {
  const stored =
    (await readPredictions(folder, 'test')) ?? (await readPassages(folder, 'test')) ?? (await readAnswers(folder, 'test'))
  return Math.max(report.testLooks, stored === null ? 0 : await testLooks(dirname(folder), stored.splitHash))
}

function neverCounted(error: unknown): string {
  if (systemCodeOf(error) === 'ENOENT') return '{}'
  throw error
}
