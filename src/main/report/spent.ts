import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { writeJsonAtomic } from '../base/files.ts'
import { ifThere } from '../base/if-there.ts'
import { readFile } from '../base/sealed/fs.ts'
import { checkCost, sumCosts, type CostFacts } from './cost.ts'
import { checkEnergy, sumEnergy, type EnergyFacts } from './energy.ts'
import { isRecord } from './shape.ts'

/** What a training has taken in all, over every process that worked at it. */
export interface Spent {
  readonly cost: CostFacts
  /** Null where a device does not tell. */
  readonly energy: EnergyFacts | null
}

/** What is kept of that in the training's folder. `step`: of the newest checkpoint by then; null where there was none. */
interface StoredSpent extends Spent {
  readonly format: 'attune-cost-1'
  readonly step: number | null
}

const FILE = 'cost.json'
/** Folders of the seeds, folds and shares of a run, inside of its own. */
const PART = /^(?:seed|fold|share)-[\d-]+$/

export async function writeSpent(folder: string, spent: Spent, step: number | null): Promise<void> {
  await writeJsonAtomic(join(folder, FILE), { format: 'attune-cost-1', step, ...spent } satisfies StoredSpent)
}

/** What a training had taken when it was last stopped; null where nothing of use is written down. */
export async function readSpent(folder: string): Promise<StoredSpent | null> {
  const text = await ifThere(readFile(join(folder, FILE), 'utf8'))
  return text === null ? null : parsed(text)
}

function parsed(text: string): StoredSpent | null {
  try {
    const value: unknown = JSON.parse(text)
    const isWhole =
      isRecord(value) &&
      value['format'] === 'attune-cost-1' &&
      isRecord(value['cost']) &&
      checkCost(value['cost']) === null &&
      (value['energy'] === null || (isRecord(value['energy']) && checkEnergy(value['energy']) === null))
    return isWhole ? (value as unknown as StoredSpent) : null // Its fields were looked at.
  } catch {
    // A damaged ledger must not keep a run from going on: it then says that what came before is not counted.
    return null
  }
}

/** What a run has taken with all its parts; null where it kept nothing of that. */
export async function spentOn(folder: string): Promise<Spent | null> {
  const parts = ((await ifThere(readdir(folder))) ?? []).filter((name) => PART.test(name)).map((name) => join(folder, name))
  const kept = await Promise.all([folder, ...parts].map(readSpent))
  return sumSpent(kept.filter((each) => each !== null))
}

/** What several trainings took together; null where there are none. */
export function sumSpent(all: readonly Spent[]): Spent | null {
  if (all.length === 0) return null
  return { cost: sumCosts(all.map(({ cost }) => cost)), energy: sumEnergy(all.map(({ energy }) => energy)) }
}
