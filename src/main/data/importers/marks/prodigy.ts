import { cellOf, counts, defineMarksFormat, listAt, NotTaken, othersOf, textAt, type Item } from './marks-format.ts'
import { rawMarks, spansOf } from './raw-marks.ts'

const USED = ['text', 'tokens', 'spans', 'relations', 'answer', 'id', 'label']

const LEFT_OUT: Readonly<Record<string, string>> = {
  reject: 'It was rejected in Prodigy.',
  ignore: 'It was left open in Prodigy ("ignore").'
}

/**
 * Prodigy: `spans` with start, end and label, and an `answer`. Offsets count code points. Only accepted documents are taken; relations are not.
 */
export const prodigy = defineMarksFormat({
  id: 'prodigy',
  title: 'Prodigy',
  recognises: (item) =>
    typeof item['text'] === 'string' &&
    listAt(item, 'spans') !== null &&
    ('_task_hash' in item || '_input_hash' in item || isAnswer(item)),
  read: (item) => {
    const why = LEFT_OUT[cellOf(item['answer']) ?? '']
    if (why !== undefined) throw new NotTaken(why)
    const text = textAt(item, 'text')
    const annotator = cellOf(item['_annotator_id'] ?? item['_session_id'])
    return {
      document: {
        id: cellOf(item['id'] ?? item['_task_hash']) ?? '',
        text,
        spans: spansOf(text, rawMarks(listAt(item, 'spans') ?? [], 'start', 'end'))
      },
      others: { ...othersOf(item, USED), ...(annotator === null ? {} : { annotator }) },
      notTaken: counts({ relation: listAt(item, 'relations')?.length ?? 0 })
    }
  }
})

const isAnswer = (item: Item): boolean =>
  item['answer'] === 'accept' || item['answer'] === 'reject' || item['answer'] === 'ignore'
