import type { SettingValue } from '../../../preload/contract/common.ts'
import type { RunDraft, SettingRow } from '../../../preload/contract/runs.ts'
import type { Fields, Option, Shape } from '../../base/options.ts'
import type { RunConfig } from '../config-types.ts'
import { isOffered, offered } from './offered.ts'
import { runOptions } from '../schema.ts'
import { decidedByAdapter } from '../beside-adapter.ts'
import { choicesOfDraft, configOfDraft, fieldsOf, standardConfig, takesPath, type DraftPlace } from './draft.ts'

/** Sections whose settings a person may change; data and model are chosen elsewhere. */
const sections = ['method', 'training', 'head'] as const

/** Every setting of a draft, by section, in the order of its declaration. */
export function settingRows(draft: RunDraft, place: DraftPlace): readonly SettingRow[] {
  const config = configOfDraft(draft, place)
  const standard = standardConfig(draft, place)
  const whys = new Map(choicesOfDraft(draft, place).map(({ path, why }) => [path, why]))
  const options: Fields = runOptions[config.task]
  return sections.flatMap((section) => {
    const option = options[section]
    if (!option) return []
    const fields = fieldsOf(option.shape, valueAt(config, section)) ?? {}
    const hasAdapter = place.adapterFolder != null
    const type = section === 'method' && !hasAdapter ? [methodRow(config, standard, draft, option, whys)] : []
    const shown = leaves(section, fields).filter(([path]) => isShown(path, hasAdapter) && isOffered(path, config))
    return [...type, ...shown.map(([path, leaf]) => rowOf(path, leaf, { config, standard, draft, whys }))]
  })
}

/** What an adapter decides is no setting of the run, and its classes are named when it is imported. */
const isShown = (path: string, hasAdapter: boolean): boolean =>
  path !== 'method.adapter_labels' && !(hasAdapter && decidedByAdapter.has(path))

interface Context {
  readonly config: RunConfig
  readonly standard: RunConfig
  readonly draft: RunDraft
  readonly whys: ReadonlyMap<string, string>
}

function methodRow(
  config: RunConfig,
  standard: RunConfig,
  draft: RunDraft,
  { shape, help }: Option<unknown>,
  whys: ReadonlyMap<string, string>
): SettingRow {
  const choices = shape.kind === 'variants' ? Object.keys(shape.of) : []
  const option: Option<unknown> = { shape: { kind: 'choice', values: choices }, help }
  return rowOf('method.type', option, { config, standard, draft, whys })
}

/** Options that hold a value, with their dotted paths; those of a group stand in its place. */
function leaves(prefix: string, fields: Fields): (readonly [string, Option<unknown>])[] {
  return Object.entries(fields).flatMap(([key, option]) => {
    const inner = fieldsOf(option.shape, null)
    if (inner) return leaves(`${prefix}.${key}`, inner)
    // Folders are chosen elsewhere, and a form has no fields for values by name.
    return takesPath(option.shape) || takesMap(option.shape) ? [] : [[`${prefix}.${key}`, option] as const]
  })
}

const takesMap = (shape: Shape): boolean =>
  shape.kind === 'map' || (shape.kind === 'either' && shape.of.filter(({ kind }) => kind !== 'null').every(takesMap))

function rowOf(path: string, option: Option<unknown>, { config, standard, draft, whys }: Context): SettingRow {
  const { kind, choices } = kindOf(option.shape)
  return {
    path,
    group: path.split('.')[0] ?? '',
    value: settingValue(valueAt(config, path)),
    standard: settingValue(valueAt(standard, path)),
    changed: Object.hasOwn(draft.changed, path),
    help: option.help,
    why: whys.get(path) ?? (option.derived === undefined ? null : `Left out: ${option.derived}.`),
    kind,
    choices: choices && offered(path, choices, config)
  }
}

function kindOf(shape: Shape): Pick<SettingRow, 'kind' | 'choices'> {
  switch (shape.kind) {
    case 'integer':
    case 'decimal':
      return { kind: shape.kind, choices: null }
    case 'flag':
      return { kind: 'boolean', choices: null }
    case 'choice':
      return { kind: 'choice', choices: shape.values }
    case 'either': {
      const [first, ...others] = shape.of.filter(({ kind }) => kind !== 'null')
      if (!first) return { kind: 'text', choices: null }
      return first.kind === 'integer' && others.length > 0 ? { kind: 'integer', choices: others.flatMap(namesOf) } : kindOf(first)
    }
    default:
      return { kind: 'text', choices: null }
  }
}

/** What may stand in place of a number. */
function namesOf(shape: Shape): readonly string[] {
  if (shape.kind === 'flag') return ['false', 'true']
  return shape.kind === 'choice' ? shape.values : []
}

/** The value at a dotted path of a run; undefined inside of what is null. */
function valueAt(config: object, path: string): unknown {
  return path.split('.').reduce<unknown>((inside, key) => {
    return typeof inside === 'object' && inside !== null && Object.hasOwn(inside, key)
      ? (inside as Readonly<Record<string, unknown>>)[key] // It has the key.
      : undefined
  }, config)
}

function settingValue(value: unknown): SettingValue {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return Array.isArray(value) ? value.join(', ') : JSON.stringify(value)
}
