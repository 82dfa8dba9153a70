import { InputError, messageOf } from '../base/errors.ts'
import { counted } from '../base/wording.ts'
import type { TrainingConfig, TrainingDevice } from '../config/config-types.ts'
import { cudaPackIn, openRuntime } from '../engine/runtime/index.ts'
import type { CudaPack, Runtime } from '../engine/runtime/port.ts'
import { testPrecision } from '../engine/training/precision.ts'
import { settingsThreads } from './settings.ts'

type Machine = Pick<TrainingConfig, 'tf32' | 'precision' | 'threads'> & { readonly device: TrainingDevice }

/** The folder of this machine's CUDA pack; the parent of a trainer names it. */
const packFolder = (): string | undefined => process.env['ATTUNE_CUDA']

const unusable = {
  cuda: 'No NVIDIA card can be used here',
  webgpu: 'No device can be used over WebGPU here',
  directml: 'No device can be used over DirectML here'
} as const

function assertWindows(platform: NodeJS.Platform): void {
  if (platform === 'win32') return
  const instead = platform === 'linux' ? 'cuda for an NVIDIA card, webgpu for another' : 'webgpu'
  throw new InputError(
    'device-unusable',
    `DirectML is a part of Windows, which this system is not. Use the device ${instead}, or let the processor compute instead.`,
    { key: 'training.device' }
  )
}

/** Opens the runtime that a run trains with, on the device that was resolved. @throws InputError where run.yaml names a device that this machine does not give. */
export async function openRunRuntime(
  { device, tf32, precision, ...rest }: Machine,
  platform: NodeJS.Platform = process.platform
): Promise<Runtime> {
  const threads = settingsThreads(rest)
  if (device === 'cpu') return openRuntime({ threads })
  if (device === 'directml') assertWindows(platform)
  const pack = device === 'cuda' ? { pack: await packHere() } : {}
  let runtime: Runtime
  try {
    runtime = await openRuntime({ threads, provider: device, tf32, precision, ...pack })
  } catch (error) {
    throw new InputError(
      'device-unusable',
      `${unusable[device]}: ${firstSentence(messageOf(error))} Let the processor compute instead.`,
      { key: 'training.device' },
      { cause: error }
    )
  }
  return proved(runtime)
}

/** A runtime that has multiplied in the precision it was opened with. @throws InputError where it cannot */
async function proved(runtime: Runtime): Promise<Runtime> {
  try {
    await testPrecision(runtime)
    return runtime
  } catch (error) {
    await runtime.dispose()
    const why = firstSentence(messageOf(error))
    const message = `This device cannot compute in ${runtime.precision}: ${why} Choose the precision float32 instead.`
    throw new InputError('device-unusable', message, { key: 'training.precision' }, { cause: error })
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

const deviceNames = { cuda: 'NVIDIA card (CUDA)', webgpu: 'GPU (WebGPU)', directml: 'GPU (DirectML)' } as const

/** What computed, for the run's record: `CPU, 2 threads`. */
export function deviceName({ provider, threads }: Pick<Runtime, 'provider' | 'threads'>): string {
  if (provider === 'cpu') return `CPU, ${counted(threads, 'thread')}`
  return deviceNames[provider]
}
