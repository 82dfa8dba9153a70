import { cellOf, counts, defineMarksFormat, isObject, listAt, NotTaken, othersOf, textAt, type Item } from './marks-format.ts'
import { isTriplet, rawMarks, spansOf } from './raw-marks.ts'

const USED = ['text', 'ents', 'entities', 'spans', 'id', 'relations', 'cats']

/**
 * spaCy: what `Doc.to_json` writes (`ents`, or `spans` by group) and what training scripts exchange (`entities` of `[start, end, label]`, `spans`).
 * Offsets count code points. Relations and categories are not taken.
 */
export const spacy = defineMarksFormat({
  id: 'spacy',
  title: 'spaCy',
  recognises: (item) =>
    typeof item['text'] === 'string' &&
    (['ents', 'entities', 'spans'].some((key) => listAt(item, key)?.some(isMark) === true) ||
      groupsOf(item).some(([, list]) => list.some(isMark))),
  read: (item) => {
    const text = textAt(item, 'text')
    return {
      document: { id: cellOf(item['id']) ?? '', text, spans: spansOf(text, rawMarks(marksOf(item), 'start', 'end')) },
      others: othersOf(item, USED),
      notTaken: counts({
        relation: listAt(item, 'relations')?.length ?? 0,
        category: isObject(item['cats']) ? Object.keys(item['cats']).length : 0
      })
    }
  }
})

const isMark = (value: unknown): boolean =>
  isTriplet(value) ||
  (isObject(value) && typeof value['start'] === 'number' && typeof value['end'] === 'number' && 'label' in value)

/** `spans` as spaCy's groups of spans, by their names. */
function groupsOf(item: Item): readonly (readonly [string, readonly unknown[]])[] {
  const groups = item['spans']
  if (!isObject(groups)) return []
  return Object.entries(groups).flatMap(([name, list]) =>
    Array.isArray(list) ? [[name, list as readonly unknown[]] as const] : []
  )
}

/** The marks of a document: entities where it has some, else its only group of spans. */
function marksOf(item: Item): readonly unknown[] {
  for (const key of ['ents', 'entities']) {
    const list = listAt(item, key)
    if (list !== null && list.length > 0) return list
  }
  const filled = groupsOf(item).filter(([, list]) => list.length > 0)
  if (filled.length > 1) throw new NotTaken(`It has ${filled.length} groups of spans. Leave one of them in "spans".`)
  return listAt(item, 'spans') ?? filled[0]?.[1] ?? []
}
