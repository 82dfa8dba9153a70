import { join } from 'node:path'
import { systemCodeOf } from '../base/errors.ts'
import { writeJsonAtomic } from '../base/files.ts'
import { readFile } from '../base/sealed/fs.ts'

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

function neverCounted(error: unknown): string {
  if (systemCodeOf(error) === 'ENOENT') return '{}'
  throw error
}
