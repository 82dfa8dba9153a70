import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { RunConfig } from '../config/config-types.ts'
import { InputError, systemCodeOf } from '../base/errors.ts'
import { freeSpace } from '../base/free-space.ts'
import type { Split } from '../data/split.ts'
import { stateBytes } from '../engine/optimizers/state.ts'
import { missingFeatures } from '../engine/training/base-features.ts'
import type { Examples } from '../engine/training/examples.ts'
import type { ModelDefinition, ParameterSelection } from '../engine/training/model-definition.ts'
import type { ModelFolder } from '../engine/training/model-folder.ts'
import { stepsOf } from '../engine/training/plan.ts'
import type { Pending } from '../engine/training/preflight.ts'
import { prefixInUse, PrefixCache, type Computing } from '../engine/training/prefix.ts'
import type { RunSettings } from '../engine/training/run-settings.ts'
import { missingPreparation } from '../engine/weights/prepared.ts'
import { showBytes } from '../base/storage-problem.ts'
import { partsOf as trainingsOf } from './run-parts.ts'

/** Something that a run or an export will write. */
export interface DiskItem {
  readonly what:
    | 'prepared weights'
    | 'frozen layers'
    | 'base model vectors'
    | 'checkpoints'
    | 'report'
    | 'the export'
    | 'the folder that is packed'
    | 'weights to test it with'
  readonly folder: string
  readonly bytes: number
}

/** What a run will write to one file system. */
export interface DiskNeed {
  /** The folder that is written to there; the first of several. */
  readonly folder: string
  readonly bytes: number
  readonly free: number
  readonly items: readonly DiskItem[]
}

/** What the system says of a folder's file system; injected by tests. */
export interface FileSystems {
  /** Bytes that may still be written where `folder` is, and a number that is the same for all folders of one file system. */
  readonly look: (folder: string) => Promise<{ readonly device: number; readonly free: number }>
}

/** Those of this machine. */
export const realFileSystems: FileSystems = {
  look: async (folder) => {
    const there = await nearest(folder)
    const [{ dev }, free] = await Promise.all([stat(there), freeSpace(there)])
    return { device: dev, free }
  }
}

/** The folder, or the nearest above it that is there. */
async function nearest(folder: string): Promise<string> {
  try {
    await stat(folder)
    return folder
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error
    return nearest(dirname(folder))
  }
}

export interface DiskInput {
  readonly config: RunConfig
  readonly cacheFolder: string
  readonly model: ModelFolder
  readonly definition: ModelDefinition
  readonly selection: ParameterSelection
  readonly settings: RunSettings
  /** Stored names of the frozen tensors. */
  readonly need: readonly string[]
  readonly modelKey: string
  readonly examples: { readonly train: Examples; readonly validation: Examples; readonly test: Examples }
  readonly split: Split
  readonly computing: Computing
}

/** What a run is yet to write. Tokens are on disk by then (or could not be kept, which is no obstacle). */
export async function diskItems(input: DiskInput): Promise<DiskItem[]> {
  const { config, cacheFolder, model, need } = input
  const prefix = join(cacheFolder, 'prefix')
  const weights = join(cacheFolder, 'weights')
  const items: DiskItem[] = [
    { what: 'prepared weights', folder: weights, bytes: await missingPreparation(model.checkpoint, weights, need) },
    { what: 'frozen layers', folder: prefix, bytes: await frozenBytes(input, prefix) },
    { what: 'base model vectors', folder: prefix, bytes: await featureBytes(input, prefix) },
    { what: 'checkpoints', folder: config.output, bytes: checkpointBytes(input) },
    { what: 'report', folder: config.output, bytes: reportBytes(input) }
  ]
  return items.filter(({ bytes }) => bytes > 0)
}

const partsOf = ({ examples: { train, validation, test } }: DiskInput): Examples[] => [train, validation, test]

async function frozenBytes(input: DiskInput, folder: string): Promise<number> {
  const { definition, selection, settings, modelKey } = input
  const boundary = prefixInUse(definition, selection, settings, partsOf(input))
  if (!boundary) return 0
  const place = { boundary, width: definition.config.width, folder, modelKey }
  return PrefixCache.missing(partsOf(input), place, definition, selection, input.computing)
}

async function featureBytes(input: DiskInput, folder: string): Promise<number> {
  const { config, definition, modelKey, split, computing } = input
  const hasNone = config.task !== 'text-classification' && config.task !== 'regression'
  if (!config.training.baselines || hasNone || split.test.length === 0) return 0
  return missingFeatures(definition, partsOf(input), { folder, modelKey }, computing)
}

/**
 * The newest checkpoint, the one before it and the best are kept, for each seed or fold; another is written aside before the oldest goes. A checkpoint to go on
 * from holds weights and optimizer state, the best one weights alone.
 */
function checkpointBytes({ config, selection, settings }: DiskInput): number {
  const weights = 4 * selection.trainableCount
  const whole = weights + stateBytes(settings.optimizer, selection.trainableCount)
  return trainingsOf(config).length * (2 * whole + weights) + whole
}

/** Report, curves and models of the judged rows: about a kilobyte a judged row, 400 bytes a step, a megabyte of charts and text. */
function reportBytes({ config, settings, split, examples }: DiskInput): number {
  const steps = stepsOf(settings, examples.train.sequences.length).total
  const one = 1e6 + 1000 * (split.validation.length + split.test.length) + 400 * steps
  return trainingsOf(config).length * one
}

/** Sums what a run will write by file system. */
export async function planDisk(input: DiskInput, fileSystems = realFileSystems): Promise<DiskNeed[]> {
  return sumByFileSystem(await diskItems(input), fileSystems)
}

export async function sumByFileSystem(items: readonly DiskItem[], { look }: FileSystems): Promise<DiskNeed[]> {
  const needs = new Map<number, DiskNeed>()
  for (const item of items) {
    const { device, free } = await look(item.folder)
    const known = needs.get(device) ?? { folder: item.folder, bytes: 0, free, items: [] }
    needs.set(device, { ...known, bytes: known.bytes + item.bytes, items: [...known.items, item] })
  }
  return [...needs.values()]
}

/** What of it must be computed first. */
export function pendingIn(needs: readonly DiskNeed[]): Pending {
  const has = (what: DiskItem['what']): boolean => needs.some(({ items }) => items.some((item) => item.what === what))
  return { prefix: has('frozen layers'), features: has('base model vectors') }
}

/** Refuses a run whose files would not fit. @throws InputError that names folder, needed and free */
export function checkDisk(needs: readonly DiskNeed[]): void {
  for (const { folder, bytes, free, items } of needs) {
    if (bytes <= free) continue
    const parts = items.map((item) => `${item.what} ${showBytes(item.bytes)}`).join(', ')
    const sentence = `This run writes about ${showBytes(bytes)} to the disk that holds ${folder} (${parts}), where ${showBytes(free)} are free. Free some space, or choose another folder for "output".`
    const inApp = `This run writes about ${showBytes(bytes)} to the disk of the data folder (${parts}), where ${showBytes(free)} are free. Free some space, or move the data folder.`
    throw new InputError('disk-full', sentence, { file: folder, key: 'output', inApp })
  }
}
