import { InputError } from '../../base/errors.ts'
import { elementTypes } from '../runtime/element-types.ts'
import { loadNewestCheckpoint, saveCheckpoint, type LoadedCheckpoint } from '../weights/run-checkpoint.ts'
import { readTensor } from '../weights/read-tensor.ts'
import type { TensorReader } from '../weights/tensor-source.ts'
import { weightsHash } from '../weights/weights-hash.ts'
import { sourceOfReader } from '../weights/tensor-source.ts'
import type { Arena, ArenaArray } from './arena.ts'
import type { Slot } from './parameter-groups.ts'
import type { LoopState } from './ports.ts'

/** How a checkpoint names the element types of the arena. */
const stored = { float32: 'F32', int8: 'I8', uint8: 'U8' } as const

/** Reads a parameter's part of a flat array, for a checkpoint. */
function readerOf({ array, per }: ArenaArray, { offset, parameter: { shape, size } }: Slot, name: string): TensorReader {
  const dtype = stored[array.type as keyof typeof stored] // Arena allocates no other.
  return {
    ...{ name, dtype },
    shape: per === 1 ? shape : [Math.ceil(size / per)],
    read: async (from, length) => await array.read(offset / per + from, length)
  }
}

/** What a checkpoint calls the part of an array that belongs to a parameter. */
const tensorName = ({ name }: ArenaArray, { parameter }: Slot): string =>
  name === 'weight' ? parameter.name : `${name}:${parameter.name}`

const readersOf = (arena: Arena, array: ArenaArray): TensorReader[] =>
  arena.slots.map((slot) => readerOf(array, slot, tensorName(array, slot)))

const weightReaders = (arena: Arena): TensorReader[] =>
  arena
    .arrays()
    .slice(0, 1)
    .flatMap((weights) => readersOf(arena, weights))

/** SHA-256 over the trained tensors, sorted by name (design §4.8). */
export function arenaHash(arena: Arena): Promise<string> {
  return weightsHash(weightReaders(arena).map((reader) => sourceOfReader(reader)))
}

/**
 * Writes a checkpoint: `last` holds weights (under their names) and optimizer state (`exp_avg:<name>`), `best` the weights alone.
 */
export async function saveArena(
  folder: string,
  arena: Arena,
  kind: 'last' | 'best',
  state: LoopState,
  plan: string
): Promise<void> {
  const optimizer = kind === 'best' ? [] : arena.state.flatMap((array) => readersOf(arena, array))
  const series = kind === 'last' ? 'step' : 'best'
  await saveCheckpoint(
    folder,
    { series, step: state.step, tensors: [...weightReaders(arena), ...optimizer], state: { loop: state, plan } },
    { keepPrevious: kind === 'last' ? 1 : 0 }
  )
}

/** Fills the arena's weights, and with `withState` its optimizer state, from a checkpoint. */
export async function loadArena(arena: Arena, loaded: LoadedCheckpoint, withState: boolean): Promise<void> {
  const arrays = withState ? arena.arrays() : arena.arrays().slice(0, 1)
  for (const each of arrays) {
    const { array } = each
    for (const slot of arena.slots) {
      const values = await readTensor(loaded.checkpoint, tensorName(each, slot))
      const data = elementTypes[array.type].view(
        new ArrayBuffer(values.length * elementTypes[array.type].bytes),
        0,
        values.length
      )
      // Bytes are small numbers, which float32 holds exactly.
      for (const [i, value] of values.entries()) data[i] = value
      await arena.restore(each, slot, data)
    }
  }
}

/** The newest `last` checkpoint of a run with its loop state, or null where the run has none. Refuses one made under none of these plans. */
export async function findCheckpoint(
  folder: string,
  plans: readonly string[]
): Promise<{ loaded: LoadedCheckpoint; state: LoopState } | null> {
  const loaded = await loadNewestCheckpoint(folder, 'step')
  if (!loaded) return null
  const record = loaded.state as { readonly loop: LoopState; readonly plan: string } // Written by saveArena, its checksum has been checked.
  if (!plans.includes(record.plan)) {
    throw new InputError(
      'resume-changed',
      `The run in ${folder} was made with other settings, data or model. Start a new run, or put them back as they were.`,
      {
        file: folder,
        inApp:
          'The settings, the data or the model of this run changed since it was trained. Train again with other settings, or put them back as they were.'
      }
    )
  }
  return { loaded, state: record.loop }
}

/** The newest `best` checkpoint of a run, or null. */
export async function findBest(folder: string): Promise<LoadedCheckpoint | null> {
  return (await loadNewestCheckpoint(folder, 'best')) ?? null
}
