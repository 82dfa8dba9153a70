import { InputError, messageOf } from '../base/errors.ts'
import type { TrainingConfig, TrainingDevice } from '../config/config-types.ts'
import { cudaPackIn, openRuntime } from '../engine/runtime/index.ts'
import type { CudaPack, Runtime } from '../engine/runtime/port.ts'
import { settingsThreads } from './settings.ts'

type Machine = Pick<TrainingConfig, 'tf32' | 'threads'> & { readonly device: TrainingDevice }

/** The folder of this machine's CUDA pack; the parent of a trainer names it. */
const packFolder = (): string | undefined => process.env['ATTUNE_CUDA']

/** Opens the runtime that a run trains with, on the device that was resolved. @throws InputError where run.yaml names a device that this machine does not give. */
export async function openRunRuntime({ device, tf32, ...rest }: Machine): Promise<Runtime> {
  const threads = settingsThreads(rest)
  if (device === 'cpu') return openRuntime({ threads })
  const pack = device === 'cuda' ? { pack: await packHere() } : {}
  try {
    return await openRuntime({ threads, provider: device, tf32, ...pack })
  } catch (error) {
    const name = device === 'cuda' ? 'No NVIDIA card can be used here' : 'No device can be used over WebGPU here'
    throw new InputError(
      'device-unusable',
      `${name}: ${firstSentence(messageOf(error))} Let the processor compute instead.`,
      { key: 'training.device' },
      { cause: error }
    )
  }
}

async function packHere(): Promise<CudaPack> {
  const folder = packFolder()
  const pack = folder === undefined ? null : await cudaPackIn(folder)
  if (pack !== null) return pack
  throw new InputError(
    'device-no-pack',
    'Training on an NVIDIA card needs the CUDA pack, which is not on this machine. Add the pack first, or let the processor compute instead.',
    { key: 'training.device' }
  )
}

/** The library's message may go on for many lines, of which the first says what is the matter, after the place in its source that says so. */
function firstSentence(message: string): string {
  const line = (message.split('\n')[0] ?? '')
    .replace(/^The program "[^"]*" could not be loaded: /, '')
    .replace(/^\S+\.(?:cc|cpp|h):\d+ .*? was false\. /, '')
    .replace(/[.\s]+$/, '')
  return `${line.length > 300 ? `${line.slice(0, 300)}…` : line}.`
}

/** What computed, for the run's record: `CPU, 2 threads`. */
export function deviceName({ provider, threads }: Pick<Runtime, 'provider' | 'threads'>): string {
  if (provider === 'cpu') return `CPU, ${threads} threads`
  return provider === 'cuda' ? 'NVIDIA card (CUDA)' : 'GPU (WebGPU)'
}
