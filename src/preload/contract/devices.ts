import type { FileHandle } from './common.ts'

/** Where a run can be computed, by its name in run.yaml. */
export type DeviceId = 'cpu' | 'cuda' | 'webgpu' | 'directml'

/** One place that could compute, and what came of trying it. */
export interface DeviceState {
  readonly id: DeviceId
  /** Whether a device of this kind has computed for Attune's makers. */
  readonly isVerified: boolean
  /** Null where it was never tried here. */
  readonly verdict: {
    /** ISO 8601. */
    readonly at: string
    /** What it is called: `CPU, 2 threads`, or a card's name. */
    readonly name: string
    /** Floating-point operations in a second, in products of matrices; null where it is refused. */
    readonly rate: number | null
    /** Bytes of the memory that it computes in, as they were then; null where it does not tell. */
    readonly memory: { readonly total: number; readonly free: number } | null
    /** Why it cannot be used, and what to do; null where it can. */
    readonly refusal: { readonly code: string; readonly message: string } | null
  } | null
}

/** Everything that the Device page says. */
export interface DeviceTable {
  readonly devices: readonly DeviceState[]
  /** What an automatic choice takes for a run that is large enough, and why; null while nothing was tried. */
  readonly choice: { readonly device: DeviceId; readonly why: string } | null
  /** The CUDA pack: whether it is here, and whether there is one for this system. */
  readonly pack: 'added' | 'absent' | 'none'
  /** Grams of CO2e to a kilowatt-hour, as the person says; null where they have not said. */
  readonly gridIntensity: number | null
}

export interface DevicesApi {
  table(): DeviceTable
  /** Tries a device, in a process of its own, for about two seconds. */
  test(device: DeviceId): DeviceTable
  /** Adds the CUDA pack from a folder that holds its wheel or its libraries; every file is compared with the official one by its hash. */
  addPack(folder: FileHandle): DeviceTable
  removePack(): DeviceTable
  /** What a kilowatt-hour emits where the PC stands, in grams of CO2e; null for nobody knows. */
  setGridIntensity(request: { readonly grams: number | null }): DeviceTable
}

export interface DevicesEvents {
  /** While a pack is added. */
  adding: { readonly done: number; readonly total: number }
}
