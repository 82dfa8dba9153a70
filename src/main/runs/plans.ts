import { createHash } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Failure, SettingValue } from '../../preload/contract/common.ts'
import type { RunDraft, RunPlan, TokenExample } from '../../preload/contract/runs.ts'
import type { DeviceGuess, RunEffort } from '../../preload/contract/speed.ts'
import { InputError, sentenceInApp, superseded } from '../base/errors.ts'
import type { Purpose } from '../base/licence/purpose.ts'
import { freeMemory } from '../base/free-memory.ts'
import { freeSpace } from '../base/free-space.ts'
import { writeFile } from '../base/sealed/fs.ts'
import type { FailedEvent, FinishedEvent, Outcome, TrainerTask } from '../worker/protocol.ts'
import type { Drafting, RunFolders } from './ports.ts'
import { timeAround } from './speed.ts'
import type { TaskOptions } from './supervisor.ts'

export interface PlansOptions {
  readonly entry: string
  readonly runTask: (task: TrainerTask, options: TaskOptions) => Promise<Outcome>
  readonly drafting: Drafting
  readonly folders: RunFolders
  /** What the project of the data is for. */
  readonly purposeOf: (draft: RunDraft) => Purpose
  /** Seconds that so many tokens of training take on a device, from earlier runs there with this model; null where there are none. */
  readonly secondsFor: (draft: RunDraft, device: string, tokens: number) => RunPlan['time']
}

type PlanTask = Omit<Extract<TrainerTask, { kind: 'plan' }>, 'kind'>

const EXAMPLES = 3
const KEPT = 20

/** What drafts would come to. A newer question ends the work on an older one: only the newest is still on the screen. */
export class Plans {
  readonly #options: PlansOptions
  readonly #known = new Map<string, RunPlan>()
  readonly #times = new Map<string, NonNullable<RunPlan['time']>>()
  readonly #efforts = new Map<string, RunEffort>()
  #newest = new AbortController()
  #measuring = new AbortController()
  #weighing = new AbortController()

  constructor(options: PlansOptions) {
    this.#options = options
  }

  async plan(draft: RunDraft): Promise<RunPlan> {
    this.#newest.abort()
    const own = new AbortController()
    this.#newest = own
    const { plan, facts } = await this.#look(draft, own.signal)
    if (own.signal.aborted) throw superseded()
    if (!facts || plan.blocked || plan.memory.needed <= plan.memory.free) return plan
    return { ...plan, blocked: { failure: tooLarge(plan), instead: await this.#smaller(draft, facts, own.signal) } }
  }

  /** Ends what is under way. */
  dispose(): void {
    this.#newest.abort()
    this.#measuring.abort()
    this.#weighing.abort()
  }

  /** Tries a step of the run in a process of its own; null where that tells nothing. */
  async measure(draft: RunDraft): Promise<RunPlan['time']> {
    this.#measuring.abort()
    const own = new AbortController()
    this.#measuring = own
    const yaml = await this.#options.drafting.yaml(draft)
    const known = this.#times.get(keyOf(yaml))
    if (known) return known
    const outcome = await this.#withFile(draft, yaml, 'measure', (configFile) => this.#run({ configFile, probes: true }, own.signal))
    if (outcome.event === 'failed') return null
    const { trainings } = await this.#options.drafting.facts(draft)
    const seconds = trainings * numberAt(outcome, 'expected_seconds')
    if (seconds === 0) return null
    const time = timeAround(seconds)
    this.#times.set(keyOf(yaml), time)
    return time
  }

  stopMeasuring(): void {
    this.#measuring.abort()
  }

  guessDevice(draft: RunDraft): Promise<DeviceGuess> {
    return this.#options.drafting.device(draft)
  }

  /** What the run would take of memory and arithmetic and, where a step of it is tried, of time. @throws InputError for a draft that cannot be meant, or once it is stopped */
  async effort(draft: RunDraft, isTried: boolean): Promise<RunEffort> {
    const { signal } = this.#weighing
    const yaml = await this.#options.drafting.yaml(draft)
    const key = `${keyOf(yaml)}${isTried ? ' tried' : ''}`
    const known = this.#efforts.get(key)
    if (known) return known
    const outcome = await this.#withFile(draft, yaml, 'effort', (configFile) => this.#run({ configFile, probes: isTried }, signal))
    if (signal.aborted) throw superseded()
    const { trainings } = await this.#options.drafting.facts(draft)
    const effort = effortOf(outcome, trainings)
    if (this.#efforts.size >= KEPT) this.#efforts.clear()
    this.#efforts.set(key, effort)
    return effort
  }

  stopEffort(): void {
    this.#weighing.abort()
    this.#weighing = new AbortController()
  }

  /** The largest part of a batch with which the run fits into what is free: less than `failed` rows, where so many did not. */
  async smaller(draft: RunDraft, failed: number | null): Promise<number | null> {
    const { batchSize } = await this.#options.drafting.facts(draft)
    const yaml = await this.#options.drafting.yaml(draft)
    const most = failed ?? batchSize
    for (let size = most - 1; size >= 1; size--) {
      if (batchSize % size !== 0) continue
      const outcome = await this.#withFile(draft, yaml, `smaller-${size}`, (configFile) =>
        this.#run({ configFile, probes: false, microBatch: size }, new AbortController().signal)
      )
      if (outcome.event === 'finished' && numberAt(outcome, 'predicted_rss_bytes') <= (await freeMemory()).bytes) return size
    }
    return null
  }

  /** Named after the data set, whose project it belongs to. */
  async #withFile<T>(draft: RunDraft, yaml: string, name: string, work: (file: string) => Promise<T>): Promise<T> {
    const { temporary } = this.#options.folders
    await mkdir(temporary, { recursive: true })
    const file = join(temporary, `${draft.dataset}-${name}-${keyOf(yaml)}.yaml`)
    await writeFile(file, yaml, { mode: 0o600 })
    return work(file).finally(() => rm(file, { force: true }))
  }

  #run(
    task: PlanTask,
    killSignal: AbortSignal,
    onEvent: TaskOptions['onEvent'] = () => undefined
  ): Promise<Outcome> {
    const { runTask, entry } = this.#options
    return runTask({ kind: 'plan', ...task }, { entry, killSignal, onEvent })
  }

  async #look(draft: RunDraft, signal: AbortSignal): Promise<{ plan: RunPlan; facts: BatchFacts | null }> {
    const { drafting } = this.#options
    try {
      const facts = await drafting.facts(draft)
      const yaml = await drafting.yaml(draft)
      const purpose = this.#options.purposeOf(draft)
      const key = keyOf(`${purpose}\n${yaml}`)
      const known = this.#known.get(key)
      if (known) return { plan: { ...known, ...(await this.#free(known)) }, facts }
      const plan = await this.#withFile(draft, yaml, 'plan', (file) =>
        this.#ask(draft, facts.trainings, { configFile: file, probes: false, examples: EXAMPLES, purpose }, signal)
      )
      if (this.#known.size >= KEPT) this.#known.clear()
      if (!plan.blocked) this.#known.set(key, plan)
      return { plan, facts }
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      const [code, message] = [error.code, sentenceInApp(error)]
      return { plan: await this.#blocked({ code, message, detail: message }), facts: null }
    }
  }

  async #ask(draft: RunDraft, trainings: number, task: PlanTask, signal: AbortSignal): Promise<RunPlan> {
    const notes: string[] = []
    const outcome = await this.#run(task, signal, (event) => {
      if (event.event === 'note') notes.push(event.message)
    })
    if (outcome.event === 'failed') return this.#blocked(failureOf(outcome))
    const plan = planOf(outcome, notes, trainings)
    const time = this.#options.secondsFor(draft, String(outcome['device']), trainings * trainedTokens(outcome))
    return { ...plan, ...(await this.#free(plan)), time }
  }

  async #blocked(failure: Failure): Promise<RunPlan> {
    const plan = planOf({ event: 'finished' }, [])
    return { ...plan, ...(await this.#free(plan)), blocked: { failure, instead: null } }
  }

  /** What the machine can give now. */
  async #free({ memory, disk }: RunPlan): Promise<Pick<RunPlan, 'memory' | 'disk'>> {
    const free = await freeSpace(this.#options.folders.runs)
    return {
      memory: { needed: memory.needed, free: (await freeMemory()).bytes },
      disk: { needed: disk.needed, free }
    }
  }

  /** The largest batch that fits, with so many of them to a step that the result stays what was asked for. */
  async #smaller(draft: RunDraft, { batchSize, accumulation }: BatchFacts, signal: AbortSignal): Promise<Changes | null> {
    for (let size = Math.floor(batchSize / 2); size >= 1; size = Math.floor(size / 2)) {
      const changes = {
        'training.per_device_train_batch_size': size,
        'training.gradient_accumulation_steps': Math.ceil((batchSize * accumulation) / size)
      }
      const { plan } = await this.#look({ ...draft, changed: { ...draft.changed, ...changes } }, signal)
      if (signal.aborted) return null
      if (!plan.blocked && plan.memory.needed <= plan.memory.free) return changes
    }
    return null
  }
}

const keyOf = (yaml: string): string => createHash('sha256').update(yaml).digest('hex').slice(0, 16)

type Changes = Readonly<Record<string, SettingValue>>

interface BatchFacts {
  readonly batchSize: number
  readonly accumulation: number
}

function tooLarge({ memory: { needed, free } }: RunPlan): Failure {
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`
  const message = `This run would take about ${gigabytes(needed)} of memory, and ${gigabytes(free)} are free. Use a smaller batch, or close other programs.`
  return { code: 'memory-short', message, detail: message }
}

const failureOf = ({ code, message, inApp, detail }: FailedEvent): Failure => ({ code, message: inApp ?? message, detail })

/** Bytes that a trained parameter takes on disk: weights and two moments, in the last checkpoint, the one before and the best. */
const bytesAParameter = 3 * 3 * 4
/** Report, curves, tokens. */
const bytesBeside = 20e6

function planOf(finished: FinishedEvent, notes: readonly string[], trainings = 1): RunPlan {
  const rows = objectAt(finished, 'rows')
  const skipped = Object.values(objectAt(finished, 'skipped')).reduce<number>((sum, n) => sum + (typeof n === 'number' ? n : 0), 0)
  const trainable = numberAt(finished, 'trainable_parameters')
  return {
    time: null,
    memory: { needed: numberAt(finished, 'predicted_rss_bytes'), free: 0 },
    card: cardOf(objectAt(finished, 'card'), trainings),
    disk: { needed: trainable === 0 ? 0 : trainable * bytesAParameter + bytesBeside, free: 0 },
    steps: numberAt(finished, 'steps'),
    trainableParameters: trainable,
    totalParameters: numberAt(finished, 'total_parameters'),
    rows: { train: numberAt(rows, 'train'), validation: numberAt(rows, 'validation'), test: numberAt(rows, 'test'), skipped },
    longTexts: {
      rows: numberAt(finished, 'truncated_rows'),
      tokens: numberAt(finished, 'truncated_tokens'),
      limit: numberAt(objectAt(finished, 'settings'), 'maxLength')
    },
    // Made by the trainer, which shares the type.
    examples: (finished['examples'] ?? []) as readonly TokenExample[],
    notes,
    blocked: null
  }
}

/** Of the forecast of a card; null where there is none. */
function cardOf(card: Json, trainings: number): RunPlan['card'] {
  const [needed, free, seconds] = ['needed_bytes', 'free_bytes', 'expected_seconds'].map((name) => numberAt(card, name))
  if (!needed) return null
  return { needed, free: free || null, seconds: seconds ? trainings * seconds : null }
}

function effortOf(outcome: Outcome, trainings: number): RunEffort {
  if (outcome.event === 'failed') return { memory: 0, work: 1, seconds: null, problem: failureOf(outcome).message }
  const seconds = trainings * numberAt(outcome, 'expected_seconds')
  return {
    memory: numberAt(outcome, 'predicted_rss_bytes'),
    work: numberAt(objectAt(outcome, 'gradient_checkpointing'), 'work') || 1,
    seconds: seconds === 0 ? null : seconds,
    problem: null
  }
}

/** Tokens that training would read in all. */
function trainedTokens(finished: FinishedEvent): number {
  return numberAt(finished, 'tokens_per_epoch') * numberAt(objectAt(finished, 'settings'), 'epochs')
}

type Json = Readonly<Record<string, unknown>>

const objectAt = (value: Json, name: string): Json => {
  const inner = value[name]
  return typeof inner === 'object' && inner !== null ? (inner as Json) : {} // JSON has text keys.
}

const numberAt = (value: Json, name: string): number => {
  const inner = value[name]
  return typeof inner === 'number' ? inner : 0
}
