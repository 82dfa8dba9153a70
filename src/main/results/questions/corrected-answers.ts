import { InputError } from '../../base/errors.ts'
import type { AnswerPlace } from '../../engine/evaluation/index.ts'

/** What the right answer to a question is, as the model said it; places count code points. */
export interface RightAnswer {
  /** The name of a question that is asked of every document, whose answers are the marks of this kind; null where the row has its own question. */
  readonly name: string | null
  /** Null: there is none. */
  readonly said: (AnswerPlace & { readonly text: string }) | null
}

/**
 * A cell of answers with one question's put right, in the form that it had: marks (`[{start, end, label}]`), SQuAD's lists (`{text, answer_start}` or a list
 * of such), or the words alone. Marks of other kinds stay as they are.
 * @throws InputError where the cell holds nothing of the kind, which a question asked of every document needs
 */
export function correctedAnswers(cell: string, { name, said }: RightAnswer): string {
  const held = jsonIn(cell)
  if (name !== null) return JSON.stringify(withMarks(held, name, said))
  if (isLists(held)) return JSON.stringify({ ...held, text: said ? [said.text] : [], answer_start: said ? [said.start] : [] })
  if (isObjects(held) && held.some((each) => 'label' in each))
    return JSON.stringify(said ? [{ start: said.start, end: said.end, label: labelIn(held) }] : [])
  return JSON.stringify(said ? [{ text: said.text, answer_start: said.start }] : [])
}

type Fields = Readonly<Record<string, unknown>>

function withMarks(held: unknown, name: string, said: AnswerPlace | null): readonly Fields[] {
  if (!isObjects(held))
    throw new InputError('dataset-answerless', 'The data have no answer column any more. Choose it on the Data screen.')
  const others = held.filter(({ label }) => typeof label !== 'string' || label.trim().normalize('NFC') !== name)
  const right = said ? [{ start: said.start, end: said.end, label: name }] : []
  return [...others, ...right].sort((a, b) => Number(a['start']) - Number(b['start']) || Number(a['end']) - Number(b['end']))
}

function jsonIn(cell: string): unknown {
  try {
    return JSON.parse(cell)
  } catch {
    // The words of an answer.
    return undefined
  }
}

const isRecord = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const isObjects = (value: unknown): value is readonly Fields[] => Array.isArray(value) && value.every(isRecord)
const isLists = (value: unknown): value is Fields =>
  isRecord(value) && Array.isArray(value['text']) && Array.isArray(value['answer_start'])

/** What the marks of a row are called: the first one's name. */
const labelIn = (marks: readonly Fields[]): string => {
  const [first] = marks.flatMap(({ label }) => (typeof label === 'string' ? [label] : []))
  return first ?? 'answer'
}
