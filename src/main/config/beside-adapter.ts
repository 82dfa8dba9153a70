import type { Contradiction } from './contradictions.ts'
import { pathText } from './problem-sentence.ts'
import type { RawRun } from './schema.ts'

/** Keys of LoRA that an adapter decides once a run starts from it. */
const decided = [
  ...['r', 'lora_alpha', 'target_modules', 'use_rslora', 'rank_pattern', 'alpha_pattern', 'layers_to_transform'],
  ...['modules_to_save', 'bias', 'init_lora_weights']
]

/** The same as dotted paths. */
export const decidedByAdapter: ReadonlySet<string> = new Set(decided.map((key) => `method.${key}`))

/** What cannot stand beside `method.from_adapter`. `source`: the settings as they were written, since a default contradicts nothing. */
export function besideAdapter({ task, method }: RawRun, source: unknown): readonly Contradiction[] {
  if (method.type !== 'lora') return []
  const about = (key: string, message: string): readonly Contradiction[] => {
    const path = ['method', key]
    return [{ path, message: `${pathText(path)} ${message}` }]
  }
  if (method.from_adapter === null)
    return method.adapter_labels.length === 0 ? [] : about('adapter_labels', 'needs from_adapter. Remove it or name the adapter.')
  if (task === 'masked-lm')
    return about('from_adapter', 'needs a task with classes or numbers: an adapter fills in no words. Remove one of the two.')
  const given = keysOf(valueOf(source, 'method')).find((key) => decided.includes(key))
  return given === undefined ? [] : about(given, 'stands beside from_adapter, which decides it. Remove one of the two.')
}

const valueOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined // Plain data, read by name.

const keysOf = (value: unknown): readonly string[] => (typeof value === 'object' && value !== null ? Object.keys(value) : [])
