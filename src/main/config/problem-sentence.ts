import type { Fields, Option, Shape } from '../base/options.ts'
import { shown } from '../base/wording.ts'
import { describe, shownValue } from './describe.ts'
import { nearestName } from '../base/nearest-name.ts'
import type { Path, Problem } from './read-options.ts'

/** `training.parameter_groups[0].modules` */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? part : `${text}.${part}`
  }, '')
}

/** The code and the sentence for one problem, without its place. */
export function sentenceFor(problem: Problem, root: Option<unknown>): { readonly code: string; readonly message: string } {
  switch (problem.reason) {
    case 'unknown':
      return { code: 'config_unknown_key', message: unknownKey(problem.path, problem.keys, root) }
    case 'missing':
      return { code: 'config_missing_key', message: `${keyMissing(problem.path)} ${problem.option.help}`.trimEnd() }
    case 'repeated':
      return {
        code: 'config_value',
        message: `${pathText(problem.path)} repeats ${shownValue(problem.value)}. Name each only once.`
      }
    case 'value':
      return { code: 'config_value', message: wrongValue(problem.path, problem.shape, problem.value) }
  }
}

function keyMissing(path: Path): string {
  const inside = pathText(path.slice(0, -1))
  return `the key '${path.at(-1) ?? ''}' is missing${inside === '' ? '' : ` in ${inside}`}.`
}

function unknownKey(path: Path, keys: readonly string[], root: Option<unknown>): string {
  const key = String(path.at(-1) ?? '')
  const inside = pathText(path.slice(0, -1))
  const statement = inside === '' ? `there is no key ${shown(key)}.` : `${inside} has no key ${shown(key)}.`
  const places = placesOf(key, root)
  const here = places.find(({ section }) => section === inside)
  if (here) return `${statement} That is only for ${here.condition}.`
  if (places.length > 0) {
    const names = places.map(({ section, condition }) => (condition === '' ? section : `${section} with ${condition}`))
    return `${statement} It belongs in ${names.join(' or ')}.`
  }
  const near = nearestName(key, keys)
  if (near !== null) return `${statement} Did you mean '${near}'?`
  if (keys.length === 0) return `${statement} It has none.`
  return keys.length <= 16 ? `${statement} Its keys are ${keys.join(', ')}.` : `${statement} See docs/run-yaml.md for its keys.`
}

interface Place {
  readonly section: string
  /** Which variants have the key, e.g. `type lora`; empty where all have it. */
  readonly condition: string
}

/** Where in the whole file there is a key of exactly this name. */
function placesOf(key: string, { shape }: Option<unknown>): readonly Place[] {
  const found = new Map<string, { readonly tag: string; readonly of: number; readonly names: Set<string> }>()
  const visit = (
    inner: Shape,
    at: string,
    variant: { readonly tag: string; readonly of: number; readonly name: string }
  ): void => {
    if (inner.kind === 'group') search(inner.fields, at, variant)
    else if (inner.kind === 'either') for (const alternative of inner.of) visit(alternative, at, variant)
    else if (inner.kind === 'variants') {
      const names = Object.entries(inner.of)
      for (const [name, fields] of names) search(fields, at, { tag: inner.tag, of: names.length, name })
    }
  }
  const search: (fields: Fields, ...rest: [at: string, variant: Parameters<typeof visit>[2]]) => void = (fields, at, variant) => {
    if (at !== '' && Object.hasOwn(fields, key)) {
      const place = found.get(at) ?? { tag: variant.tag, of: variant.of, names: new Set<string>() }
      place.names.add(variant.name)
      found.set(at, place)
    }
    for (const [name, option] of Object.entries(fields)) visit(option.shape, at === '' ? name : `${at}.${name}`, variant)
  }
  visit(shape, '', { tag: '', of: 1, name: '' })
  return [...found].map(([section, { tag, of, names }]) => ({
    section,
    condition: names.size === of ? '' : `${tag} ${[...names].join(' or ')}`
  }))
}

function wrongValue(path: Path, shape: Shape, value: unknown): string {
  const values = choices(shape)
  const near = typeof value === 'string' ? nearestName(value, values) : null
  const hint = near === null ? quotingHint(shape, value) : ` Did you mean '${near}'?`
  const name = pathText(path)
  if (name === '')
    return `the file is ${shownValue(value)}, but must hold settings, each a key and its value, such as task: regression.`
  return `${name} is ${shownValue(value)}, but must be ${describe(shape)}.${hint}`
}

const choices = (shape: Shape): readonly string[] =>
  shape.kind === 'choice' ? shape.values : shape.kind === 'either' ? shape.of.flatMap(choices) : []

/** A number where a text is due lacks quotes, and the other way round. */
function quotingHint(shape: Shape, value: unknown): string {
  const kinds = shape.kind === 'either' ? shape.of.map(({ kind }) => kind) : [shape.kind]
  if (kinds.includes('text') && (typeof value === 'number' || typeof value === 'boolean')) return ` Put it in quotes: '${value}'.`
  const isNumber = kinds.includes('integer') || kinds.includes('decimal')
  if (isNumber && typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return ' Remove the quotes.'
  if (isNumber && typeof value === 'string' && /^\d+,\d+$/.test(value)) return ' Write a decimal point.'
  return ''
}
