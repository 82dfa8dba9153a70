import { InputError } from '../base/errors.ts'
import { shown } from '../base/wording.ts'
import type { DeviceSetting } from '../config/config-types.ts'

const devices: readonly DeviceSetting[] = ['cpu', 'cuda', 'webgpu', 'auto']

export const deviceFlag = {
  value: 'DEVICE',
  help: 'What computes: cpu, cuda (an NVIDIA card, with the CUDA pack), webgpu, or auto, which goes by what attune devices measured; stands for training.device.'
}

/** `attune devices`, but for the flag that all commands have. */
export const devicesCommand = {
  summary: 'Lists what this machine can compute on, and tries it.',
  argument: null,
  flags: {
    add: {
      value: 'PATH',
      help: 'Adds the CUDA pack for NVIDIA cards: the wheel file onnxruntime_gpu-1.30.0 for this system, or a folder with it or its libraries.'
    },
    remove: { help: 'Removes the CUDA pack.' },
    grid: {
      value: 'GRAMS',
      help: 'Grams of CO2e that a kilowatt-hour costs where this machine stands, by which the cost of runs is told from then on; none forgets it.'
    }
  },
  notes: [
    'Each device computes known answers and multiplies matrices for two seconds, in a process of its own; what cannot be used says why.',
    'What came out is kept: --device auto goes by it, and the cost of a run is told as a share of it.',
    "The pack's files are copied and must be the official ones, by their hashes. NVIDIA's own libraries (CUDA 13: cudart, cublas, cublasLt,",
    'curand) are taken from that folder, or from where the system finds them. Nothing is downloaded.'
  ],
  example: 'attune devices'
} as const

/** What `--device` says; undefined where it was left out. @throws InputError for a device that there is not */
export function deviceOf(values: ReadonlyMap<string, string>): DeviceSetting | undefined {
  const named = values.get('device')
  if (named === undefined) return undefined
  const known = devices.find((device) => device === named)
  if (known !== undefined) return known
  throw new InputError('usage', `--device cannot be ${shown(named)}. It is one of ${devices.join(', ')}.`)
}
