import type { Failure } from '../../../preload/contract/common.ts'
import type { ServedId, ServingStatus } from '../../../preload/contract/serving.ts'
import { InputError, StoppedError } from '../../base/errors.ts'
import { failureOf } from '../../ipc/failures.ts'
import type { RecordEvent } from '../../record/journal.ts'
import { OpenModel, type OpenModelOptions } from '../../runs/serving/open-model.ts'
import { servingLimits } from '../../shell/loopback/serving/answering.ts'
import { makeToken, PredictionServer, type Served } from '../../shell/loopback/serving/prediction-server.ts'
import type { FailedEvent } from '../../worker/protocol.ts'
import { answeringBy, untilEnded } from './answering-by.ts'

export interface ServingOptions {
  /** The trainer's program. */
  readonly entry: string
  /** Version of Attune, for the description. */
  readonly version: string
  /** The folder of what is to answer, and its name. @throws InputError where it is gone */
  readonly subjectOf: (of: ServedId) => Promise<{ readonly folder: string; readonly name: string }>
  readonly now: () => string
  readonly record: RecordEvent
  readonly changed: (status: ServingStatus | null) => void
  readonly launch?: OpenModelOptions['launch']
}

interface Session {
  /** What is under way is answered first. */
  readonly stopping: AbortController
  /** At once. */
  readonly killing: AbortController
  readonly ended: Promise<void>
}

/** Milliseconds for which requests that are there are still answered. */
const PATIENCE = 2000

/** Answers other programs of this PC with one model at a time, for as long as a person has it switched on and the window is open (docs/decisions/0030). */
export class Serving {
  readonly #options: ServingOptions
  #status: ServingStatus | null = null
  #session: Session | null = null

  constructor(options: ServingOptions) {
    this.#options = options
  }

  /** Null where nothing is answered. */
  get status(): ServingStatus | null {
    return this.#status
  }

  /** Begins to open the model. @throws InputError where another answers already, or there is nothing to open */
  async start({ of, port }: { readonly of: ServedId; readonly port: number | null }): Promise<ServingStatus> {
    this.#requireFree()
    const { folder, name } = await this.#options.subjectOf(of)
    // Another may have begun meanwhile.
    this.#requireFree()
    const status: ServingStatus = {
      ...{ of, name, state: 'opening', address: '', token: makeToken(), pairs: false, asks: false, since: this.#options.now() },
      ...{ requests: 0, refused: 0, rows: 0, restarts: 0, note: null, failure: null }
    }
    const [stopping, killing] = [new AbortController(), new AbortController()]
    this.#tell(status)
    this.#session = { stopping, killing, ended: this.#serve({ folder, port, status, stopping, killing }) }
    return status
  }

  /** Ends it, and resolves once nothing listens any more. */
  async stop(): Promise<void> {
    const session = this.#session
    session?.stopping.abort()
    await session?.ended
    if (this.#status !== null) this.#tell(null)
  }

  /** Ends it at once. */
  async dispose(): Promise<void> {
    this.#session?.killing.abort()
    await this.stop()
  }

  #requireFree(): void {
    if (this.#session === null) return
    throw new InputError('serving-busy', 'Attune answers other programs already. Stop that first.')
  }

  async #serve(asked: Omit<Session, 'ended'> & Asked): Promise<void> {
    const failed = await this.#answer(asked).catch((error: unknown) => error)
    this.#session = null
    this.#options.record('serving-ended', asked.status.of, this.#status?.rows ?? null)
    const isOver = failed === null || failed instanceof StoppedError || asked.stopping.signal.aborted
    if (isOver) this.#tell(null)
    else this.#change({ state: 'failed', address: '', failure: isFailedEvent(failed) ? told(failed) : failureOf(failed) })
  }

  /** Resolves to null where it was stopped, else to why the model ended. */
  async #answer({ folder, port, status, stopping, killing }: Omit<Session, 'ended'> & Asked): Promise<FailedEvent | null> {
    const { entry, version, launch } = this.#options
    const options: OpenModelOptions = {
      ...{ folder, entry, mostWaiting: servingLimits.waiting, priority: 'below' },
      onRestart: () => this.#change({ restarts: (this.#status?.restarts ?? 0) + 1 }),
      onNote: (note) => this.#change({ note }),
      ...(launch && { launch })
    }
    const stop = AbortSignal.any([stopping.signal, killing.signal])
    const { model, facts } = await OpenModel.open(options, stop)
    killing.signal.addEventListener('abort', () => model.kill())
    try {
      const answering = answeringBy(model, { ...facts, name: status.name })
      const onServed = (served: Served): void => this.#count(served)
      const server = await PredictionServer.open({ answering, token: status.token, port: port ?? 0, version, onServed })
      const address = `http://127.0.0.1:${server.port}`
      const { questions, columns } = facts
      const beside = { pairs: !questions && columns.pair !== null, asks: questions?.length === 0 }
      this.#change({ state: 'open', address, ...beside, since: this.#options.now() })
      const failed = await untilEnded(model, stop)
      await server.close(failed || killing.signal.aborted ? 0 : PATIENCE)
      return failed
    } finally {
      await model.dispose(PATIENCE)
    }
  }

  #count({ status, rows }: Served): void {
    const { requests = 0, refused = 0, rows: before = 0 } = this.#status ?? {}
    this.#change({ requests: requests + 1, refused: refused + (status >= 400 ? 1 : 0), rows: before + rows })
  }

  #change(next: Partial<ServingStatus>): void {
    if (this.#status) this.#tell({ ...this.#status, ...next })
  }

  #tell(status: ServingStatus | null): void {
    this.#status = status
    this.#options.changed(status)
  }
}

interface Asked {
  readonly folder: string
  readonly port: number | null
  readonly status: ServingStatus
}

const isFailedEvent = (value: unknown): value is FailedEvent =>
  typeof value === 'object' && value !== null && 'event' in value && value.event === 'failed'

const told = ({ code, message, inApp, detail }: FailedEvent): Failure => ({ code, message: inApp ?? message, detail })
