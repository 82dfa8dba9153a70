import { InputError } from '../../base/errors.ts'
import type { StateTensor } from '../runtime/port.ts'
import { loadNewestCheckpoint, saveCheckpoint, type LoadedCheckpoint } from '../weights/run-checkpoint.ts'
import { readTensor } from '../weights/read-tensor.ts'
import type { TensorReader } from '../weights/tensor-source.ts'
import { weightsHash } from '../weights/weights-hash.ts'
import { sourceOfReader } from '../weights/tensor-source.ts'
import type { Arena } from './arena.ts'
import type { LoopState } from './ports.ts'

/** Reads a parameter's part of a flat array, for a checkpoint. */
function readerOf(arena: Arena, array: StateTensor, prefix: string, name: string): TensorReader {
  const { offset, parameter } = arena.slot(name)
  return {
    name: `${prefix}${name}`,
    dtype: 'F32',
    shape: parameter.shape,
    read: async (from, length) => await array.read(offset + from, length)
  }
}

const weightReaders = (arena: Arena): TensorReader[] =>
  arena.slots.map(({ parameter }) => readerOf(arena, arena.weights, '', parameter.name))

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
  planHash: string
): Promise<void> {
  const optimizer =
    kind === 'best'
      ? []
      : [...arena.state].flatMap(([prefix, array]) =>
          arena.slots.map(({ parameter }) => readerOf(arena, array, `${prefix}:`, parameter.name))
        )
  const series = kind === 'last' ? 'step' : 'best'
  await saveCheckpoint(
    folder,
    { series, step: state.step, tensors: [...weightReaders(arena), ...optimizer], state: { loop: state, plan: planHash } },
    { keepPrevious: kind === 'last' ? 1 : 0 }
  )
}

/** Fills the arena's weights, and with `withState` its optimizer state, from a checkpoint. */
export async function loadArena(arena: Arena, loaded: LoadedCheckpoint, withState: boolean): Promise<void> {
  const arrays = withState ? arena.arrays() : arena.arrays().slice(0, 1)
  for (const { name: kind, array } of arrays) {
    for (const { parameter } of arena.slots) {
      const name = kind === 'weight' ? parameter.name : `${kind}:${parameter.name}`
      await arena.write(array, parameter.name, new Float32Array(await readTensor(loaded.checkpoint, name)))
    }
  }
}

/** The newest `last` checkpoint of a run with its loop state, or null where the run has none. Refuses one made under another plan. */
export async function findCheckpoint(
  folder: string,
  planHash: string
): Promise<{ loaded: LoadedCheckpoint; state: LoopState } | null> {
  const loaded = await loadNewestCheckpoint(folder, 'step')
  if (!loaded) return null
  const record = loaded.state as { readonly loop: LoopState; readonly plan: string } // Written by saveArena, its checksum has been checked.
  if (record.plan !== planHash) {
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
