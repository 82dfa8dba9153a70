import { extname } from 'node:path'
import { YOUNG_HALF } from '../base/process-memory.ts'
import type { TrainerTask } from '../worker/protocol.ts'

/**
 * V8 lets its heap grow to several times of what lives in it where the machine has much memory. Tasks that read tables of any size keep little, and stay
 * little with a bound: a look at 50,000 rows took 545 MB without it, and 300 MB with it; a Parquet file of 1,000,000 rows 372 and 190 MB; in the same time.
 */
export const SMALL_HEAP = [`--max-semi-space-size=${YOUNG_HALF}`, '--max-old-space-size=1024'] as const

/**
 * Training keeps little of what it makes, and as much as there is: its young objects alone are bounded. They grew after some minutes and made runs take up to 60 MB
 * more than was worked out or tried (docs/decisions/0052).
 */
export const SMALL_YOUNG = SMALL_HEAP.slice(0, 1)

/** How the heap of a task's process is bounded. */
export const heapFlagsOf = (task: TrainerTask): readonly string[] =>
  isBounded(task) ? SMALL_HEAP : isTraining(task) ? SMALL_YOUNG : []

const isTraining = ({ kind }: TrainerTask): boolean => kind === 'train' || kind === 'plan' || kind === 'probe'

/** A workbook is unpacked whole, documents have limits of their own, and training needs what there is. */
const isBounded = (task: TrainerTask): boolean =>
  ['scrutinise', 'look', 'measure-lengths'].includes(task.kind) || (task.kind === 'lay-table' && extname(task.input.copy) !== '.xlsx')
