import { access } from 'node:fs/promises'
import type { Measured, RunId } from '../../preload/contract/common.ts'
import type { RunDraft, RunPlan } from '../../preload/contract/runs.ts'
import type { DeviceGuess, RunEffort } from '../../preload/contract/speed.ts'
import type { OtherTest, PowerState, RunOrigin } from '../../preload/contract/supervision.ts'
import { InputError } from '../base/errors.ts'
import { readFile } from '../base/sealed/fs.ts'
import type { Datasets } from '../data/datasets/datasets.ts'
import { inOwnName } from '../data/own-name.ts'
import type { Models } from '../library/models.ts'
import { moveInQueue, waitingRuns, type RunRow } from '../tracker/queries/runs.ts'
import type { WritableDb } from '../tracker/tracker.ts'
import type { FinishedEvent, Outcome, TrainerTask } from '../worker/protocol.ts'
import type { Keeper } from './keeper.ts'
import { finishedOf } from './outcome.ts'
import type { Plans } from './plans.ts'
import type { PowerSource } from './ports.ts'
import type { Queue } from './queue.ts'
import type { TaskOptions } from './supervisor.ts'

export interface SupervisionOptions {
  readonly db: WritableDb
  readonly keeper: Keeper
  readonly queue: Queue
  readonly plans: Plans
  readonly power: PowerSource
  readonly datasets: Datasets
  readonly models: Models
  /** The trainer's program, and what runs it. */
  readonly entry: string
  readonly runTask: (task: TrainerTask, options: TaskOptions) => Promise<Outcome>
  /** Throws an InputError where there is no such run. */
  readonly rowOf: (id: RunId) => RunRow
  readonly onChange: (id: RunId) => void
}

/** What a run can be helped with: going on with less memory, another place in the queue, a second run like it. */
export class Supervision {
  readonly #options: SupervisionOptions

  constructor(options: SupervisionOptions) {
    this.#options = options
  }

  async origin(id: RunId): Promise<RunOrigin> {
    const row = this.#options.rowOf(id)
    return { draft: draftOf(row), problem: (await materialProblem(this.#options, row))?.message ?? null }
  }

  async smaller(id: RunId): Promise<number | null> {
    const row = this.#options.rowOf(id)
    const draft = draftOf(row)
    if (draft === null || row.state !== 'failed' || !ranOutOfMemory(row)) return null
    return this.#options.plans.smaller(draft, row.micro_batch)
  }

  resumeSmaller({ id, batch }: { readonly id: RunId; readonly batch: number }): void {
    const { rowOf, keeper, queue } = this.#options
    const row = rowOf(id)
    if (row.state !== 'failed') throw new InputError('run-state', 'Only a run that has failed can go on with smaller batches.')
    keeper.change(id, { micro_batch: batch })
    queue.resume(row)
  }

  move({ id, place }: { readonly id: RunId; readonly place: number }): void {
    const { db, keeper, rowOf, onChange } = this.#options
    rowOf(id)
    keeper.demand(() => moveInQueue(db, id, place - 1))
    for (const { id: each } of waitingRuns(db)) onChange(each as RunId) // Minted by main.
  }

  power(): PowerState {
    return this.#options.power.state()
  }

  async measure(draft: RunDraft): Promise<RunPlan['time']> {
    // Beside a run at work both would be slow, and the answer wrong.
    return this.#options.queue.isIdle ? this.#options.plans.measure(draft) : null
  }

  stopMeasuring(): void {
    this.#options.plans.stopMeasuring()
  }

  guessDevice(draft: RunDraft): Promise<DeviceGuess> {
    return this.#options.plans.guessDevice(draft)
  }

  effort({ draft, isTried }: { readonly draft: RunDraft; readonly isTried: boolean }): Promise<RunEffort> {
    // A trial step beside a run at work would be slow, and its time wrong.
    return this.#options.plans.effort(draft, isTried && this.#options.queue.isIdle)
  }

  stopEffort(): void {
    this.#options.plans.stopEffort()
  }

  /** Counts as a look at those rows; nothing of them is kept. */
  async evaluate(id: RunId, { path, name }: { readonly path: string; readonly name: string }): Promise<OtherTest> {
    const { rowOf, runTask, entry } = this.#options
    const { folder, state } = rowOf(id)
    if (folder === null || state !== 'finished')
      throw new InputError('run-unfinished', 'This run is not finished yet. Let it finish, or stop it and keep the best.')
    const notes: string[] = []
    const onEvent: TaskOptions['onEvent'] = (event) => {
      if (event.event === 'note') notes.push(event.message)
    }
    const outcome = await runTask({ kind: 'evaluate', runFolder: folder, dataFile: path }, { entry, onEvent })
    const finished = named(outcome, name, path)
    // Made by the trainer.
    const { test } = finished['metrics'] as { readonly test: Readonly<Record<string, Measured | null>> }
    const metrics = Object.entries(test).flatMap(([name, measured]) => {
      return measured === null ? [] : [{ name, measured: { value: measured.value, low: measured.low, high: measured.high } }]
    })
    return { rows: Number(finished['rows']), looks: Number(finished['test_looks']), metrics, notes }
  }

  async yaml(id: RunId): Promise<string> {
    return readFile(this.#options.rowOf(id).config_file, 'utf8')
  }
}

/** What came of a task about the person's file at `path`, its failure in the name that the person knows. */
function named(outcome: Outcome, name: string, path: string): FinishedEvent {
  try {
    return finishedOf(outcome)
  } catch (error) {
    throw inOwnName(error, name, path)
  }
}

/** The draft that a run was started with. Only Runs writes this column. */
export const draftOf = ({ draft }: RunRow): RunDraft | null => (draft === null ? null : (JSON.parse(draft) as RunDraft))

/** A killed trainer is most often one that the system ended for want of memory; std::bad_alloc is the library's own word for it. */
function ranOutOfMemory({ failure_code: code, failure_detail: detail }: RunRow): boolean {
  return code === 'memory-short' || code === 'memory-ending' || (code === 'trainer-crashed' && /SIGKILL|bad_alloc/.test(detail ?? ''))
}

/** Why a run's data or model cannot be read now; null where they can. */
export async function materialProblem(
  { datasets, models }: Pick<SupervisionOptions, 'datasets' | 'models'>,
  { dataset_id, dataset_name, model_id }: RunRow
): Promise<InputError | null> {
  try {
    const path = datasets.pathOf(dataset_id)
    await access(path).catch((cause: unknown) => {
      const sentence = `The data of ${dataset_name} cannot be read. Connect the drive that the data folder of Attune lies on.`
      throw new InputError('data-disconnected', sentence, {}, { cause })
    })
    await models.folderOf(model_id)
    return null
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
}
