import { cellOf, counts, defineMarksFormat, isObject, listAt, othersOf, textAt, type Item } from './marks-format.ts'
import { isTriplet, rawMarks, spansOf } from './raw-marks.ts'

const USED = ['text', 'data', 'label', 'labels', 'entities', 'relations', 'id', 'Comments', 'comments']

/**
 * doccano: `label` (or `labels`) of `[start, end, label]`, and the export with relations, whose `entities` have `start_offset` and `end_offset`.
 * Offsets count code points. Relations and comments are not taken.
 */
export const doccano = defineMarksFormat({
  id: 'doccano',
  title: 'doccano',
  recognises: (item) =>
    hasText(item) &&
    (['label', 'labels'].some((key) => listAt(item, key)?.some(isTriplet) === true) ||
      listAt(item, 'entities')?.some((each) => isObject(each) && 'start_offset' in each) === true),
  read: (item) => {
    const text = textAt(item, 'text', 'data')
    const list = listAt(item, 'entities') ?? listAt(item, 'label') ?? listAt(item, 'labels') ?? []
    return {
      document: { id: cellOf(item['id']) ?? '', text, spans: spansOf(text, rawMarks(list, 'start_offset', 'end_offset')) },
      others: othersOf(item, USED),
      notTaken: counts({
        relation: listAt(item, 'relations')?.length ?? 0,
        comment: (listAt(item, 'Comments') ?? listAt(item, 'comments'))?.length ?? 0
      })
    }
  }
})

const hasText = (item: Item): boolean => typeof item['text'] === 'string' || typeof item['data'] === 'string'
