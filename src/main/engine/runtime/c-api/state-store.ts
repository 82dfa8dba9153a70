import type { RunRequest, StateTensor } from '../port.ts'

/** Where a runtime's state lies, and the OrtValues that stand for it. */
export interface StateStore {
  /** Whether a tensor is state of this store. */
  readonly owns: (tensor: unknown) => boolean
  /** Awaited before each run: sees to the memory of the state that the run uses. Left out where there is nothing to do. */
  readonly prepare?: (request: RunRequest) => Promise<void>
  /** The OrtValue of a state that a run reads. */
  readonly read: (state: StateTensor) => number
  /** The OrtValue that a run writes a state to. */
  readonly write: (state: StateTensor, request: RunRequest) => number
  /** Called once a run has written its states. Left out where there is nothing to do. */
  readonly commit?: (request: RunRequest) => void
}
