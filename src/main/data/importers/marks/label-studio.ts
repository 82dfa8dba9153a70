import type { Span } from '../../spans/span.ts'
import {
  cellOf,
  counts,
  defineMarksFormat,
  isObject,
  listAt,
  NotTaken,
  othersOf,
  type Item,
  type MarkedItem
} from './marks-format.ts'
import { hasAstral, spansOf, type RawMark } from './raw-marks.ts'

/**
 * Label Studio, the JSON export (tasks with `data` and `annotations`) and JSON-MIN (the data with a list of marks beside it).
 *
 * Old versions counted UTF-16 units and new ones count code points (label-studio-frontend, pull request 308). Each mark quotes its passage, which
 * decides. Of several people's annotations the ground truth is taken, else the one that was changed last. Predictions are never taken as the truth.
 */
export const labelStudio = defineMarksFormat({
  id: 'label-studio',
  title: 'Label Studio',
  recognises: (item) => isTask(item) || minimalMarks(item) !== null,
  read: (item) => (isTask(item) ? readTask(item) : readMinimal(item))
})

const isTask = (item: Item): boolean => isObject(item['data']) && annotationsOf(item) !== null

/** Versions before 1.0 say `completions`. */
const annotationsOf = (item: Item): readonly unknown[] | null => listAt(item, 'annotations') ?? listAt(item, 'completions')

interface Passage extends RawMark {
  readonly quote: string | null
}

function readTask(item: Item): MarkedItem {
  const data = isObject(item['data']) ? item['data'] : {}
  const all = annotationsOf(item)?.filter(isObject) ?? []
  const predictions = listAt(item, 'predictions')?.length ?? 0
  const done = all.filter((each) => each['was_cancelled'] !== true && each['skipped'] !== true && listAt(each, 'result') !== null)
  const taken = chosen(done)
  if (taken === null) throw new NotTaken(whyNone(all.length, predictions))
  const results = (listAt(taken, 'result') ?? []).filter(isObject)
  const [key, text] = textIn(data)
  const passages = results.flatMap(passagesIn)
  const annotator = annotatorOf(taken)
  return {
    document: { id: cellOf(item['id']) ?? '', text, spans: located(text, passages) },
    others: { ...othersOf(data, [key]), ...(annotator === null ? {} : { annotator }) },
    notTaken: counts({ ...leftIn(results), "another person's annotation": done.length - 1, prediction: predictions })
  }
}

const whyNone = (annotations: number, predictions: number): string => {
  if (annotations > 0) return 'Everybody who saw it skipped it.'
  return predictions > 0 ? 'It has predictions only, which are not taken as the truth.' : 'Nobody has annotated it.'
}

/** The ground truth, else the annotation that was changed last. */
function chosen(done: readonly Item[]): Item | null {
  const when = (each: Item): string => cellOf(each['updated_at'] ?? each['created_at']) ?? ''
  const truths = done.filter((each) => each['ground_truth'] === true)
  const candidates = truths.length > 0 ? truths : done
  return candidates.reduce<Item | null>((best, each) => (best === null || when(each) >= when(best) ? each : best), null)
}

function annotatorOf(annotation: Item): string | null {
  const by = annotation['completed_by'] ?? annotation['annotator']
  return isObject(by) ? cellOf(by['email'] ?? by['id']) : cellOf(by)
}

/** The text among a task's data: `text`, else the longest. */
function textIn(data: Item): readonly [key: string, text: string] {
  const texts = Object.entries(data).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  const [first] = texts.toSorted((a, b) => Number(b[0] === 'text') - Number(a[0] === 'text') || b[1].length - a[1].length)
  if (first === undefined) throw new NotTaken('It has no text.')
  return [first[0], first[1].toWellFormed()]
}

/** The marks of one result: one for each of its labels. */
function passagesIn(result: Item): Passage[] {
  const type = cellOf(result['type']) ?? ''
  if (type === 'hypertextlabels')
    throw new NotTaken('It is a web page (HTML), whose marks do not count the characters of its text.')
  if (type === 'paragraphlabels') throw new NotTaken('It is a dialogue, whose marks do not count the characters of one text.')
  const value = result['value']
  return type === 'labels' && isObject(value) ? passagesOf(value) : []
}

function passagesOf(value: Item): Passage[] {
  const { start, end } = value
  const quote = typeof value['text'] === 'string' ? value['text'].toWellFormed() : null
  return (listAt(value, 'labels') ?? []).map((label) => ({ start, end, label, quote }))
}

/** Results that are no marks, counted by what they are: choices, relations, ratings. */
function leftIn(results: readonly Item[]): Record<string, number> {
  const left: Record<string, number> = {}
  for (const { type } of results) {
    const kind = (cellOf(type) ?? 'other result').slice(0, 40)
    if (kind !== 'labels') left[kind] = (left[kind] ?? 0) + 1
  }
  return left
}

/** Marks where they stand, by what they quote. */
function located(text: string, passages: readonly Passage[]): Span[] {
  const units = hasAstral(text) ? (['UTF-16 units', 'code points'] as const) : (['UTF-16 units'] as const)
  const quotes = passages.map(({ quote }) => quote)
  if (units.length > 1 && passages.length > 0 && quotes.every((quote) => quote === null)) throw new NotTaken(UNQUOTED)
  for (const unit of units) {
    const isLast = unit === units.at(-1)
    const spans = passages.map((each) => tried(text, each, unit, isLast))
    if (spans.every((span, i) => span !== null && agrees(text, span, quotes[i] ?? null)))
      return spansOf(
        text,
        spans.filter((span) => span !== null),
        'UTF-16 units'
      )
  }
  throw new NotTaken('Its marks quote other passages than those at which they stand. Was the text changed afterwards?')
}

const UNQUOTED = 'Its marks do not quote their passages, so nobody can say how they count characters such as emoji.'

/** One mark in UTF-16 units; null where it lies elsewhere under this count and another is still to be tried. */
function tried(text: string, mark: RawMark, unit: 'UTF-16 units' | 'code points', isLast: boolean): Span | null {
  try {
    return spansOf(text, [mark], unit)[0] ?? null
  } catch (error) {
    if (isLast || !(error instanceof NotTaken)) throw error
    return null
  }
}

/** White space is shown and quoted in other ways than it is kept. */
const agrees = (text: string, { start, end }: Span, quote: string | null): boolean =>
  quote === null || squeezed(text.slice(start, end)) === squeezed(quote.replaceAll('\\n', '\n'))

const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** The list of marks in an object of JSON-MIN, under the name of the control that made them. */
function minimalMarks(item: Item): readonly [key: string, marks: readonly Item[]] | null {
  for (const [key, value] of Object.entries(item)) {
    if (!Array.isArray(value)) continue
    const marks = (value as readonly unknown[]).filter(isObject)
    if (marks.some((each) => typeof each['start'] === 'number' && Array.isArray(each['labels']))) return [key, marks]
  }
  return null
}

const MINIMAL_USED = ['annotation_id', 'created_at', 'updated_at', 'lead_time', 'annotator']

function readMinimal(item: Item): MarkedItem {
  const found = minimalMarks(item)
  const { id, annotator: _annotator, created_at: _created, updated_at: _updated, ...data } = item
  const [key, text] = textIn(data)
  const annotator = annotatorOf(item)
  return {
    document: { id: cellOf(id) ?? '', text, spans: located(text, found?.[1].flatMap(passagesOf) ?? []) },
    others: { ...othersOf(item, [key, ...MINIMAL_USED]), ...(annotator === null ? {} : { annotator }) },
    notTaken: {}
  }
}
