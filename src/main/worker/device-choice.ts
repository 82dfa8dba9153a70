import { join } from 'node:path'
import { readFile } from '../base/sealed/fs.ts'
import type { RunConfig, TrainingDevice } from '../config/config-types.ts'
import { configHash } from '../config/run-config.ts'
import { chooseDevice, timeDevices, type DeviceChoice, type StepWork } from '../devices/choose.ts'
import { readMachine, UNKNOWN, type Machine } from '../devices/machine.ts'
import { findRun } from './run-folder.ts'

/** What computes a run, and why; `why` is null where the person said it themselves. */
export interface ResolvedDevice {
  readonly device: TrainingDevice
  readonly why: string | null
}

/** The file of what is known of this machine; the parent of a trainer names it. */
export const machineFileHere = (): string | undefined => process.env['ATTUNE_MACHINE']

/** What a run that goes on is called, below its `output`. */
export interface GoesOn {
  readonly name: string
}

/**
 * What computes a run: what its settings say or, where they leave it open, what was measured on this machine. A run that goes on stays on the device where it
 * began, whatever would be chosen now, since its checkpoint is of that device.
 */
export async function resolveDevice(config: RunConfig, goesOn: GoesOn | null): Promise<ResolvedDevice> {
  const { device } = config.training
  if (device !== 'auto') return { device, why: null }
  const before = goesOn === null ? null : await findRun(config.output, goesOn.name, configHash(config)).catch(() => null)
  if (before?.record.device !== undefined)
    return { device: before.record.device, why: 'The run goes on where it began, as its checkpoint is of that device.' }
  return choiceFor(config)
}

async function choiceFor(config: RunConfig): Promise<DeviceChoice> {
  return (await guessDevice(config)).choice
}

/** What an automatic choice comes to for a run, and how long a step of it would take on each device that passed its test. */
export async function guessDevice(
  config: RunConfig
): Promise<{ readonly choice: DeviceChoice; readonly times: ReturnType<typeof timeDevices> }> {
  const machine = await machineHere()
  const work = workOf(config, await shapeOf(config.model))
  return { choice: chooseDevice(machine, work), times: timeDevices(machine, work) }
}

/** Whether a graphics card of this machine passed its test. */
export async function hasWorkingCard(): Promise<boolean> {
  const { devices } = await machineHere()
  return Object.entries(devices).some(([name, { status }]) => name !== 'cpu' && status === 'ready')
}

/** What is known of this machine. */
export async function machineHere(): Promise<Machine> {
  const file = machineFileHere()
  return file === undefined ? UNKNOWN : readMachine(file)
}

/** How wide and deep an encoder is. */
export interface EncoderShape {
  readonly layers: number
  readonly width: number
  readonly inner: number
}

/** A usual BERT, for a model that does not say; that it cannot be read is said when it is opened. */
const USUAL: EncoderShape = { layers: 12, width: 768, inner: 3072 }

/** The shape that a model's folder names. */
export async function shapeOf(folder: string): Promise<EncoderShape> {
  const text = await readFile(join(folder, 'config.json'), 'utf8').catch(() => '{}')
  const config = fieldsOf(text)
  const number = (names: readonly string[], otherwise: number): number => {
    const found = names.map((name) => config.get(name)).find((value) => typeof value === 'number')
    return typeof found === 'number' ? found : otherwise
  }
  const width = number(['hidden_size', 'dim'], USUAL.width)
  return {
    layers: number(['num_hidden_layers', 'n_layers'], USUAL.layers),
    width,
    inner: number(['intermediate_size', 'hidden_dim'], 4 * width)
  }
}

function fieldsOf(json: string): ReadonlyMap<string, unknown> {
  try {
    const value: unknown = JSON.parse(json)
    return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : [])
  } catch {
    return new Map()
  }
}

/** Tokens of a text, for which nothing was read yet. */
export const USUAL_TOKENS = 128
/** Nodes that a layer's forward and backward graph has, measured on BERT. */
const KERNELS_OF_LAYER = 120

/**
 * About what one step takes. A layer multiplies each token by 4·width² + 2·width·inner weights; going back takes as much again for the inputs and, where every
 * weight learns, once more for the weights. A head on frozen layers computes nearly nothing.
 */
export function workOf(
  { training, method }: Pick<RunConfig, 'training' | 'method'>,
  { layers, width, inner }: EncoderShape
): StepWork {
  const { per_device_train_batch_size: rows, gradient_accumulation_steps: micro, max_length: longest } = training
  const tokens = rows * micro * Math.min(longest ?? USUAL_TOKENS, USUAL_TOKENS)
  if (method.type === 'head') return { operations: 2 * tokens * width * width, kernels: 40 }
  const passes = method.type === 'full' || method.type === 'last_n' ? 3 : 2
  const forward = 2 * layers * (4 * width * width + 2 * width * inner)
  return { operations: passes * tokens * forward, kernels: KERNELS_OF_LAYER * layers * micro }
}
