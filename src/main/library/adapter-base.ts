import type { ModelSummary } from '../../preload/contract/models.ts'
import { shown } from '../base/wording.ts'

/** What the trainer says of an adapter's folder and of each model that it was put to. */
export interface LookedAdapter {
  readonly base_name: string | null
  readonly rank: number
  readonly bytes: number
  readonly sha256: string
  readonly licence: string | null
  readonly problem: string | null
  /** Null where it has no signed papers. */
  readonly papers: {
    readonly base: { readonly name: string; readonly sha256: string | null }
    readonly sha256: string
  } | null
  readonly fits: readonly {
    readonly id: string
    readonly labels: number | null
    readonly class_names: readonly string[] | null
    /** The first part in which it is not the model that the papers name; null where it is, or there are none. */
    readonly changed: string | null
  }[]
  readonly misfits: readonly { readonly id: string; readonly why: string }[]
}

/** Names are compared without what differs between a hub and a folder. */
const bare = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '')
export const isNamed = (wanted: string | null, name: string): boolean => wanted !== null && bare(wanted) === bare(name)

export function noBase({ base_name: wanted, misfits }: LookedAdapter, names: ReadonlyMap<string, string>): string {
  const named = misfits.find(({ id }) => isNamed(wanted, names.get(id) ?? ''))
  if (named) return named.why
  const which = wanted === null ? 'the model that it was trained on' : `${wanted}, which it was trained on`
  return `No model in the library fits this adapter. Import ${which}, then this folder again.`
}

/** Why the model that signed papers name is not at hand. With any other the answers would not be those that were tested. */
export function missingBase(
  { papers, fits, misfits }: LookedAdapter,
  all: readonly Pick<ModelSummary, 'id' | 'name' | 'state' | 'problem'>[]
): string {
  if (papers === null) return 'This pack does not say which model it was made from. Have the run packed again.'
  const { sha256 } = papers.base
  const name = shown(papers.base.name)
  const named = all.find((model) => isNamed(papers.base.name, model.name))
  const which = sha256 === null ? '' : ` (SHA-256 of its weights: ${sha256})`
  if (!named)
    return `This adapter answers on ${name} alone, which is not in the library. Import that model first${which}, then this file again.`
  if (named.state !== 'ready')
    return `This adapter answers on ${name} alone, which cannot be used now. ${named.problem ?? ''}`.trim()
  const part =
    fits.find(({ id }) => id === named.id)?.changed ?? (misfits.some(({ id }) => id === named.id) ? 'weights' : 'files')
  return `This adapter was made from another ${name} than the one in the library: they differ in their ${part}. Import the model that it was made from${which}, then this file again.`
}
