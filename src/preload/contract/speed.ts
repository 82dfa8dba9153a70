import type { DeviceId } from './devices.ts'

/** What an automatic choice of the device comes to for a run. */
export interface DeviceGuess {
  readonly device: DeviceId
  /** One or two sentences. */
  readonly why: string
  /** About how long a step would take on each device that passed its test, in seconds, by the rates measured on this PC. */
  readonly steps: readonly { readonly device: DeviceId; readonly seconds: number }[]
}

/** What a run would take with some of its settings changed. */
export interface RunEffort {
  /** Bytes. */
  readonly memory: number
  /** Arithmetic of a step over that of one which keeps all its values: 1 where nothing is computed twice. */
  readonly work: number
  /** Of the whole training, by a trial step; null where none was made. */
  readonly seconds: number | null
  /** Why it could not be started so, one sentence; null where it could. */
  readonly problem: string | null
}
