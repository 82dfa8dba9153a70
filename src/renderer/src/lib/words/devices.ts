import type { DeviceId } from '../../../../preload/contract/devices.ts'
import { moment, significant } from '../format.ts'

const NAMES: Readonly<Record<DeviceId, string>> = {
  cpu: 'Processor',
  cuda: 'NVIDIA card',
  webgpu: 'Graphics card',
  directml: 'Graphics card, by Windows'
}
/** The field's own terms, beneath. */
const TERMS: Readonly<Record<DeviceId, string>> = { cpu: 'CPU', cuda: 'CUDA', webgpu: 'WebGPU', directml: 'DirectML' }

export const devices = {
  names: NAMES,
  terms: TERMS,
  title: 'What can compute a training here',
  device: 'Device',
  state: 'State',
  rate: 'Matrix products',
  memory: 'Memory',
  found: 'What came of it',
  ready: 'ready',
  refused: 'cannot be used',
  untried: 'not tried yet',
  trying: 'is being tried…',
  unverified: 'unverified: no real device of this kind has computed for the makers of Attune',
  right: (at: string) => `Computed the known answers on ${moment(at)}.`,
  triedAt: (at: string) => `Tried on ${moment(at)}.`,
  free: (free: string, total: string) => `${free} free of ${total}`,
  rateOf: (rate: number) =>
    rate < 1e12 ? `${significant(rate / 1e9)}\u00a0GFLOP/s` : `${significant(rate / 1e12)}\u00a0TFLOP/s`,
  tryAll: 'Try all devices',
  tryOne: (name: string) => `Try again: ${name}`,
  tryAgain: 'Try again',
  about:
    'Each device computes known answers and multiplies matrices, for two seconds in a process of its own: a driver that crashes takes nothing along. Answers of a trained model come from the processor.',
  choice: 'Automatic choice',
  choiceNone: 'Not known yet: try the devices first.',
  choiceAbout:
    'With the setting training.device on auto, a run goes to a card that passed its test and was measured clearly faster for a run of its size. What you set yourself for a run always goes first.',
  pack: 'CUDA pack for NVIDIA cards',
  packAdded: 'The pack is here. Its files were compared with the official ones.',
  packAbsent:
    'Training on an NVIDIA card needs the wheel file onnxruntime_gpu-1.30.0 for this system, from PyPI, and NVIDIA’s CUDA 13 libraries. Attune downloads nothing: bring the file here, and each library in it is compared with the official one by its hash.',
  packNone: 'There is no CUDA pack for this system: it is made for 64-bit Linux and Windows.',
  packAdd: 'Choose the folder with it…',
  packReplace: 'Replace it…',
  packRemove: 'Remove the pack',
  packIsAdded: 'The CUDA pack was added. Try the NVIDIA card now.',
  packIsRemoved: 'The CUDA pack was removed.',
  adding: (done: number, total: number) => `Copying and comparing the pack: file ${done + 1} of ${total}`,
  grid: 'Electricity and CO2e',
  gridLabel: 'Grams of CO2e for a kilowatt-hour here',
  gridAbout:
    'Your supplier or grid operator publishes this number. With it, what a training cost is told in CO2e, too; left empty, it is not.',
  gridWrong: 'Enter a number of grams between 1 and 5,000, or nothing.'
}
