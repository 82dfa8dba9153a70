import type { DatasetId, RunId } from '../../../preload/contract/common.ts'
import type { DatasetSummary } from '../../../preload/contract/data.ts'
import type { LabelQueue } from '../../../preload/contract/labels.ts'
import type { MarkSuggestion, SuggestedPassage } from '../../../preload/contract/marking.ts'
import type { Datasets } from '../datasets/datasets.ts'

/** What a run found in one text. */
export interface FoundPassages {
  readonly passages: readonly SuggestedPassage[]
  /** Geometric mean of the probabilities of the tags that were said, from 0 to 1. */
  readonly sureness: number
}

export interface Adviser {
  readonly datasets: Pick<Datasets, 'get' | 'textsAt'>
  /** The run that can suggest marks for a data set; null where there is none. */
  readonly suggesterOf: (dataset: DatasetSummary) => { readonly run: RunId; readonly name: string } | null
  readonly find: (request: { readonly id: RunId; readonly texts: readonly string[] }) => Promise<readonly FoundPassages[]>
  /** Places of texts, each as unlike those before it and those that are labelled as can be. */
  readonly order: (texts: readonly string[], labelled: readonly string[]) => Promise<readonly number[]>
}

/** Texts that a run is asked about at once. */
const ASKED = 500
/** Texts among which unlike ones are looked for. */
const COMPARED = 5000
/** Labelled texts that they are to be unlike: those last in the table. */
const KNOWN = 300

/** What a trained run and the texts themselves say of rows that wait. */
export class MarkAdvice {
  readonly #options: Adviser
  readonly #known = new Map<string, Map<number, MarkSuggestion & { readonly sureness: number }>>()

  constructor(options: Adviser) {
    this.#options = options
  }

  async suggest(id: DatasetId, lines: readonly number[]): Promise<readonly MarkSuggestion[]> {
    const known = await this.#ask(id, lines.slice(0, ASKED))
    return lines.flatMap((line) => {
      const found = known.get(line)
      return found ? [{ line, passages: found.passages }] : []
    })
  }

  /**
   * The first rows by how unsure the run is of their tags: the mean logarithm of the probabilities of the sequence that it says, so that long
   * texts do not come first for being long (Shen et al. 2018, "Deep active learning for named entity recognition").
   */
  async unsure(id: DatasetId, lines: readonly number[]): Promise<LabelQueue> {
    const looked = lines.slice(0, ASKED)
    const known = await this.#ask(id, looked)
    const sureness = (line: number): number => known.get(line)?.sureness ?? 1
    const sorted = looked.toSorted((a, b) => sureness(a) - sureness(b))
    return { lines: sorted, total: sorted.length }
  }

  /** Some of the rows, each unlike those before it and those that were labelled. */
  async diverse(id: DatasetId, lines: readonly number[], labelled: readonly number[]): Promise<LabelQueue> {
    const compared = lines.slice(0, COMPARED)
    const known = labelled.slice(-KNOWN)
    const texts = await this.#options.datasets.textsAt(id, [...compared, ...known])
    const textsOf = (these: readonly number[]): readonly string[] => these.map((line) => texts.get(line) ?? '')
    const places = await this.#options.order(textsOf(compared), textsOf(known))
    const ordered = places.flatMap((place) => compared[place] ?? [])
    return { lines: ordered, total: ordered.length }
  }

  async #ask(
    id: DatasetId,
    lines: readonly number[]
  ): Promise<ReadonlyMap<number, MarkSuggestion & { readonly sureness: number }>> {
    const { datasets, suggesterOf, find } = this.#options
    const suggester = suggesterOf(datasets.get(id))
    if (suggester === null) return new Map()
    const key = `${id} ${suggester.run}`
    const known = this.#known.get(key) ?? new Map<number, MarkSuggestion & { readonly sureness: number }>()
    this.#known.set(key, known)
    const asked = lines.filter((line) => !known.has(line))
    if (asked.length === 0) return known
    const texts = await datasets.textsAt(id, asked)
    const found = await find({ id: suggester.run, texts: asked.map((line) => texts.get(line) ?? '') })
    for (const [i, line] of asked.entries()) {
      const { passages = [], sureness = 1 } = found[i] ?? {}
      known.set(line, { line, passages, sureness })
    }
    return known
  }
}
