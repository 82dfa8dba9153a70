import { stringify } from 'yaml'
import type { Fields, Shape } from '../base/options.ts'
import type { RunConfig } from './config-types.ts'
import { readOption } from './read-options.ts'
import { resolveRun } from './resolve.ts'
import { runSchema } from './schema.ts'

type Plain = Readonly<Record<string, unknown>>

/** Defaults that depend on other options, in an order in which leaving one out never changes another that was left out. */
const derived: readonly (readonly string[])[] = [
  ['problem_type'],
  ['data', 'split'],
  ['training', 'learning_rate'],
  ['training', 'truncation'],
  ['training', 'stride'],
  ['training', 'warmup_ratio'],
  ['training', 'loss'],
  ['training', 'early_stopping', 'metric'],
  ['training', 'metric_for_best_model']
]

/** A run.yaml that reads as exactly this run and names only what differs from the defaults. */
export function toYaml(config: RunConfig): string {
  return stringify(concise(config), { lineWidth: 0, version: '1.2', schema: 'core' })
}

/** A run as plain data, naming only what differs from the defaults. */
export function concise(config: RunConfig): Plain {
  const wanted = JSON.stringify(config)
  let plain: Plain = { ...config }
  for (const path of derived) {
    const shorter = without(plain, path)
    const { value, problems } = readOption(runSchema, shorter)
    if (problems.length === 0 && JSON.stringify(resolveRun(value)) === wanted) plain = shorter
  }
  return prune(runSchema.shape, plain)
}

/** The same values without the one at `path`. */
function without(values: Plain, [key = '', ...rest]: readonly string[]): Plain {
  const { [key]: inner, ...others } = values
  if (rest.length === 0) return others
  return isMap(inner) ? { ...values, [key]: without(inner, rest) } : values
}

const isMap = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value)

function prune(shape: Shape, value: Plain): Plain {
  if (shape.kind === 'group') return pruneFields(shape.fields, value)
  if (shape.kind === 'variants') {
    const tag = value[shape.tag]
    const fields = typeof tag === 'string' ? shape.of[tag] : undefined
    return { [shape.tag]: tag, ...pruneFields(fields ?? {}, value) }
  }
  const meant = shape.kind === 'either' ? shape.of.find(({ kind }) => kind === 'group') : undefined
  return meant ? prune(meant, value) : value
}

function pruneFields(fields: Fields, values: Plain): Plain {
  const kept: Record<string, unknown> = {}
  for (const [key, option] of Object.entries(fields)) {
    const value = values[key]
    const standard = option.fallback && readOption(option, option.fallback.value).value
    if (value === undefined || isSame(value, standard)) continue
    const pruned = isMap(value) ? prune(option.shape, value) : value
    if (!isSame(pruned, option.fallback?.value)) kept[key] = pruned
  }
  return kept
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
