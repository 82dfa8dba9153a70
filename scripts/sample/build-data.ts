import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeFileAtomic } from '../../src/main/base/files.ts'
import { contractQuestions } from './contract-questions.ts'
import { allSets, dataSeed, toCsv } from './data-sets.ts'
import { allMarkedSets, marksSeed, questionsFile, toJsonl } from './marked-sets.ts'

/**
 * `node scripts/sample/build-data.ts [--out FOLDER] [--seed N] [--truth]`: writes the three data sets with labels, the two with marks and the one with questions; `--truth`
 * adds the noiseless labels.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: join(import.meta.dirname, '../../resources/sample/data') },
      seed: { type: 'string' },
      truth: { type: 'boolean', default: false }
    }
  })
  await mkdir(values.out, { recursive: true })
  for (const set of allSets(Number(values.seed ?? dataSeed))) {
    await writeFileAtomic(join(values.out, set.file), toCsv(set))
    if (values.truth)
      await writeFileAtomic(join(values.out, `${set.file}.truth`), set.rows.map(({ truth }) => `${truth}\n`).join(''))
    console.log(`${set.file}: ${set.rows.length} rows`)
  }
  for (const set of allMarkedSets(Number(values.seed ?? marksSeed))) {
    await writeFileAtomic(join(values.out, set.file), toJsonl(set))
    console.log(`${set.file}: ${set.rows.length} documents`)
    if (set.group === 'matter_id') await writeFileAtomic(join(values.out, questionsFile), contractQuestions(set.rows))
  }
}

await main()
