import { InputError, StoppedError } from '../base/errors.ts'
import { checkFile } from '../data/personal/check-file.ts'
import type { Actions } from '../data/personal/actions.ts'
import { deidentify } from '../data/personal/deidentify.ts'
import { joined, ruleFinder, type Finder } from '../data/personal/find.ts'
import { isPersonalKind } from '../data/personal/kinds.ts'
import { marksInTexts } from './answer-marks.ts'
import type { AnsweringModel } from './answering-model.ts'
import { openPseudonyms, writeMapping, type MappingFiles } from './mapping-file.ts'
import type { TrainerEvent } from './protocol.ts'

/** `mappingFile`: where to write what stands for what; `knownFile`: the mapping whose surrogates go on. Both under the task's secret. */
export interface DeidentifyTask extends MappingFiles {
  readonly input: string
  readonly out: string
  readonly actions: Actions
  readonly columns: readonly string[] | null
  /** Columns that stay as they are. */
  readonly leftColumns: readonly string[]
  readonly groupColumn: string | null
  readonly renames: boolean
  /** How many passages are shown of what is still visible, and of what was found. */
  readonly visible: number
  readonly found: number
  /** A run or an export that marks passages, which finds beside the rules; null for the rules alone. */
  readonly modelFolder: string | null
}

interface Around {
  /** The passphrase of the mappings. */
  readonly secret: string | null
  readonly signal: AbortSignal
  readonly emit: (event: TrainerEvent) => void
  /** What was opened of the model's folder. */
  readonly model: AnsweringModel | null
}

/** Writes clean copies, and the mapping where it was asked for. */
export async function deidentifyFiles(task: DeidentifyTask, { secret, signal, emit, model }: Around): Promise<TrainerEvent> {
  const { mappingFile } = task
  const pseudonyms = await openPseudonyms(task, secret ?? '')
  const known = pseudonyms.mapping.length
  const ownKinds = new Map<string, number>()
  const isMeant = (kind: string): boolean => (task.actions.byKind[kind] ?? 'leave') !== 'leave'
  try {
    const done = await deidentify({
      ...task,
      pseudonyms,
      signal,
      find: finderWith(model, signal, isMeant, (kind) => ownKinds.set(kind, (ownKinds.get(kind) ?? 0) + 1)),
      columns: task.columns && new Set(task.columns),
      leftColumns: new Set(task.leftColumns),
      onProgress: (count, total) => emit({ event: 'progress', phase: 'checking', done: count, total }),
      beforePlacing: async () => {
        if (mappingFile !== null) await writeMapping(mappingFile, pseudonyms, secret ?? '')
      }
    })
    const { files, leftOut, counts, visible, found } = done
    const facts = {
      out: task.out,
      mapping: mappingFile,
      counts,
      known,
      own_kinds: Object.fromEntries(ownKinds),
      left_out: leftOut,
      visible: visible.sample,
      visible_all: visible.all
    }
    return { event: 'finished', ...facts, files, found: found.sample, found_all: found.all }
  } catch (error) {
    if (signal.aborted) throw new StoppedError('Stopped. Nothing was written.')
    throw error
  }
}

export interface CheckPersonalTask {
  readonly file: string
  readonly textColumn: string
  readonly marksColumn: string
  readonly modelFolder: string | null
}

/**
 * The rules, and the model where there is one: of its labels those that name a kind of ours, or that the person wants changed; `onOther` is told of the rest.
 * @throws InputError for a model that does not mark passages
 */
export function finderWith(
  model: AnsweringModel | null,
  signal: AbortSignal,
  isNamed: (kind: string) => boolean = () => false,
  onOther?: (kind: string) => void
): Finder {
  if (model === null) return ruleFinder()
  if (model.config.task !== 'token-classification')
    throw new InputError('usage', 'This model answers whole texts. Name one that marks passages, or leave the model out.')
  return joined(
    (texts) => marksInTexts(model, texts, signal),
    (kind) => isPersonalKind(kind) || isNamed(kind),
    onOther
  )
}

/** Compares what the rules find in a marked file with its marks. */
export async function checkPersonal(
  task: CheckPersonalTask,
  { signal, model }: Pick<Around, 'signal' | 'model'>
): Promise<TrainerEvent> {
  try {
    return { event: 'finished', ...(await checkFile(task.file, { ...task, find: finderWith(model, signal), signal })) }
  } catch (error) {
    if (signal.aborted) throw new StoppedError('Stopped.')
    throw error
  }
}
