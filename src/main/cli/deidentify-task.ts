import { resolve } from 'node:path'
import { InputError } from '../base/errors.ts'
import { shown } from '../base/wording.ts'
import { readActions } from '../config/read-actions.ts'
import { isAction, kindsNamed, personalActions, type Actions, type PersonalAction } from '../data/personal/actions.ts'
import { personalKinds } from '../data/personal/kinds.ts'
import type { TrainerTask } from '../worker/protocol.ts'

const MOST_SHOWN = 1000

interface Asked {
  readonly argument: string
  readonly values: ReadonlyMap<string, string>
  readonly switches: ReadonlySet<string>
}

/** What `attune deidentify` asks of the trainer. @throws InputError for a kind or action that there is not, or flags that do not go together */
export async function deidentifyTask({ argument, values, switches }: Asked): Promise<TrainerTask> {
  const columns = values.get('columns')
  const named = columns === undefined ? null : columns.split(',').map((name) => name.trim())
  const [run, model] = [values.get('run'), values.get('model')]
  if (run !== undefined && model !== undefined)
    throw new InputError(
      'usage',
      '--run and --model do not go together: one model finds beside the rules. Leave one of them out.'
    )
  const finder = run ?? model
  const modelFolder = finder === undefined ? null : resolve(finder)
  if (switches.has('check')) {
    if (values.has('out')) throw new InputError('usage', '--check writes nothing. Leave out --out.')
    const [textColumn = 'text', second] = named ?? []
    if (second !== undefined) throw new InputError('usage', 'With --check, --columns names the one column with the text.')
    return {
      kind: 'check-personal',
      file: resolve(argument),
      textColumn,
      marksColumn: values.get('marks') ?? 'spans',
      modelFolder
    }
  }
  const out = values.get('out')
  if (out === undefined) throw new InputError('usage', 'attune deidentify needs --out PATH, or --check for a marked file.')
  const [mapping, known] = [values.get('mapping'), values.get('known')]
  return {
    kind: 'deidentify',
    ...{ input: resolve(argument), out: resolve(out), actions: await actionsOf(values), columns: named, leftColumns: [] },
    ...{ groupColumn: values.get('group') ?? null, renames: switches.has('rename') },
    ...{ visible: numberOf(values, 'visible'), found: numberOf(values, 'found') },
    mappingFile: mapping === undefined ? null : resolve(mapping),
    knownFile: known === undefined ? null : resolve(known),
    modelFolder
  }
}

async function actionsOf(values: ReadonlyMap<string, string>): Promise<Actions> {
  const file = values.get('actions')
  const byKind: Record<string, PersonalAction> = {}
  let other: PersonalAction = values.has('mask') ? 'leave' : 'mask'
  if (file !== undefined) {
    const lines = await readActions(resolve(file), personalKinds, personalActions)
    for (const [kind, action] of Object.entries(lines)) if (isAction(action)) byKind[kind] = action
    other = byKind['other'] ?? 'mask'
  }
  for (const action of personalActions) {
    const list = values.get(action)
    if (list === undefined) continue
    if (file !== undefined)
      throw new InputError('usage', `--actions and --${action} do not go together. Write all of it into the file.`)
    if (list.trim().toUpperCase() === 'ALL') other = action
    else for (const kind of kindsNamed(list, values.has('run') || values.has('model'))) setOnce(byKind, kind, action)
  }
  return { byKind, other }
}

function setOnce(byKind: Record<string, PersonalAction>, kind: string, action: PersonalAction): void {
  if (byKind[kind] !== undefined) throw new InputError('usage', `${kind} is named twice: --${byKind[kind]} and --${action}.`)
  byKind[kind] = action
}

function numberOf(values: ReadonlyMap<string, string>, flag: string): number {
  const value = values.get(flag)
  if (value === undefined) return 0
  const number = Number(value)
  if (Number.isInteger(number) && number >= 1 && number <= MOST_SHOWN) return number
  throw new InputError('usage', `--${flag} cannot be ${shown(value)}. It is a number from 1 to ${MOST_SHOWN}.`)
}
