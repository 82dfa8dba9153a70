import { mkdir } from 'node:fs/promises'
import { cpus } from 'node:os'
import { dirname } from 'node:path'
import { z } from 'zod'
import { writeJsonAtomic } from '../base/files.ts'
import { readFile } from '../base/sealed/fs.ts'
import type { TrainingDevice } from '../config/config-types.ts'

const memory = z.object({ total: z.number(), free: z.number() }).nullable()

const worked = z.object({
  status: z.literal('ready'),
  device: z.string(),
  threads: z.number(),
  rate: z.number().positive(),
  latency: z.number().nonnegative(),
  memory,
  card: z.string().nullable()
})
const refused = z.object({ status: z.literal('refused'), reason: z.string(), code: z.string() })

const verdict = z.intersection(z.object({ at: z.string() }), z.discriminatedUnion('status', [worked, refused]))

/** What came of trying a device, and when (ISO 8601). */
export type DeviceVerdict = z.infer<typeof verdict>
/** A device that computed what it should. */
export type WorkingDevice = Extract<DeviceVerdict, { status: 'ready' }>

const threadChoice = z.object({
  at: z.string(),
  threads: z.number().int().positive(),
  timed: z.array(z.object({ threads: z.number().int().positive(), seconds: z.number().positive() }))
})

/** A number of threads, what was timed for it and when (ISO 8601). */
export type KeptThreads = z.infer<typeof threadChoice>

const file = z.object({
  format: z.literal('attune-machine-1'),
  /** The processor that the numbers are of. */
  processor: z.string(),
  devices: z.record(z.string(), verdict),
  gridIntensity: z.number().positive().nullable(),
  /** Numbers of threads by what they hold for (`threadsKey`). */
  threads: z.record(z.string(), threadChoice).default({})
})

/** What is known of a machine. */
export interface Machine {
  readonly devices: Readonly<Partial<Record<TrainingDevice, DeviceVerdict>>>
  /** Grams of CO2e that a kilowatt-hour costs where this machine stands, as the person says; null where they have not said. */
  readonly gridIntensity: number | null
  /** Numbers of threads that were timed, by `threadsKey`. */
  readonly threads: Readonly<Record<string, KeptThreads>>
}

export const UNKNOWN: Machine = { devices: {}, gridIntensity: null, threads: {} }

const processor = (): string => {
  const all = cpus()
  return `${all[0]?.model.trim() ?? 'unknown'} × ${all.length}`
}

/** What the file knows of this machine; nothing where there is none, or where it was written on another. */
export async function readMachine(path: string): Promise<Machine> {
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return UNKNOWN
  const read = file.safeParse(parsed(text))
  // What cannot be read, or comes from another machine, is measured anew.
  if (!read.success) return UNKNOWN
  const { devices, gridIntensity, threads } = read.data
  return read.data.processor === processor() ? { devices, gridIntensity, threads } : { ...UNKNOWN, gridIntensity }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function writeMachine(path: string, machine: Machine): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeJsonAtomic(path, { format: 'attune-machine-1', processor: processor(), ...machine } satisfies z.infer<typeof file>)
}

/**
 * Keeps what came of trying a device. A rate on a machine that does other things is too low, never too high: of two the higher is kept, as long as it is of as
 * many threads.
 */
export async function keepVerdict(path: string, device: TrainingDevice, fresh: DeviceVerdict): Promise<DeviceVerdict> {
  const machine = await readMachine(path)
  const before = machine.devices[device]
  const kept = before === undefined ? fresh : best(before, fresh)
  await writeMachine(path, { ...machine, devices: { ...machine.devices, [device]: kept } })
  return kept
}

function best(before: DeviceVerdict, fresh: DeviceVerdict): DeviceVerdict {
  if (before.status === 'refused' || fresh.status === 'refused') return fresh
  if (before.threads !== fresh.threads || before.card !== fresh.card) return fresh
  return { ...fresh, rate: Math.max(before.rate, fresh.rate), latency: Math.min(before.latency, fresh.latency) }
}

/** Forgets what is known of a device, as its files have changed. */
export async function forgetVerdict(path: string, device: TrainingDevice): Promise<void> {
  const machine = await readMachine(path)
  const devices = Object.fromEntries(Object.entries(machine.devices).filter(([name]) => name !== device))
  await writeMachine(path, { ...machine, devices })
}

/** Keeps how much CO2e a kilowatt-hour costs, in grams; null for not said. */
export async function keepGridIntensity(path: string, gridIntensity: number | null): Promise<void> {
  await writeMachine(path, { ...(await readMachine(path)), gridIntensity })
}

/** What a number of threads holds for: a width of models, the hardware threads there are, and the version of the library that computes. */
export const threadsKey = (about: { readonly width: number; readonly logical: number; readonly library: string }): string =>
  `width ${about.width}, ${about.logical} hardware threads, library ${about.library}`

/** Keeps a number of threads that was timed. */
export async function keepThreads(path: string, key: string, kept: KeptThreads): Promise<void> {
  const machine = await readMachine(path)
  await writeMachine(path, { ...machine, threads: { ...machine.threads, [key]: kept } })
}
