import { z } from 'zod'
import type { TrainingDevice } from '../config/config-types.ts'
import type { Outcome, TrainerTask } from '../worker/protocol.ts'
import { keepVerdict, type DeviceVerdict } from './machine.ts'

const tried = z.object({
  device: z.string(),
  threads: z.number(),
  rate: z.number(),
  latency: z.number(),
  memory: z.object({ total: z.number(), free: z.number() }).nullable(),
  card: z.string().nullable()
})

export interface TryOutOptions {
  /** Runs a task in a process of its own: a driver that crashes takes no more along. */
  readonly runTask: (task: TrainerTask) => Promise<Outcome>
  /** Where verdicts are kept. */
  readonly file: string
}

/** Has a device compute known answers and multiply matrices, and keeps what came of it. */
export async function tryOut(device: TrainingDevice, { runTask, file }: TryOutOptions): Promise<DeviceVerdict> {
  const outcome = await runTask({ kind: 'try-device', device })
  const at = new Date().toISOString()
  if (outcome.event === 'failed')
    return keepVerdict(file, device, { at, status: 'refused', reason: outcome.message, code: outcome.code })
  return keepVerdict(file, device, { at, status: 'ready', ...tried.parse(outcome) })
}

/** The devices that runs can be trained on here, the processor first. There is a CUDA pack for 64-bit Linux and Windows on x86 alone. */
export function devicesHere(
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch
): readonly TrainingDevice[] {
  const hasCuda = arch === 'x64' && (platform === 'linux' || platform === 'win32')
  return hasCuda ? ['cpu', 'cuda', 'webgpu'] : ['cpu', 'webgpu']
}

/** Whether a device of the kind has computed for Attune's makers; what has not is called unverified (docs/decisions/0047, 0048). */
export const isVerified = (device: TrainingDevice, platform: NodeJS.Platform = process.platform): boolean =>
  device === 'cpu' || (device === 'cuda' && platform === 'linux')
