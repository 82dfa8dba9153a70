import type { Roles } from '../../../preload/contract/data.ts'
import { counted, shownList } from '../../base/wording.ts'
import type { Dataset } from '../dataset-types.ts'
import type { Bare } from './findings.ts'
import { questionFacts } from './question-facts.ts'
import type { RowCounts } from './report.ts'

/** Below this a question can hardly be learned, and its part of the test says nothing. */
const FEW_ANSWERS = 20

/** What a person should know of questions about texts. */
export function questionFindings(
  roles: Roles,
  counts: Pick<RowCounts, 'emptyQuestions'>,
  dataset: Dataset | null
): readonly Bare[] {
  if (roles.task !== 'question-answering') return []
  const found: Bare[] = []
  const { emptyQuestions } = counts
  if (emptyQuestions > 0)
    found.push({
      code: 'empty-questions',
      sentence: `${counted(emptyQuestions, 'row has', 'rows have')} no question and ${emptyQuestions === 1 ? 'is' : 'are'} left out.`,
      rows: emptyQuestions,
      weight: 'look'
    })
  const facts = dataset && questionFacts(dataset)
  if (!facts) return found
  if (facts.unanswered === 0)
    found.push({
      code: 'always-answered',
      sentence:
        'Every question has an answer. The model will then always give one, even where a text holds none. Add questions without an answer if that can happen.',
      rows: 0,
      weight: 'fyi'
    })
  const rare = facts.kinds?.filter(({ count }) => count > 0 && count < FEW_ANSWERS).map(({ name }) => name) ?? []
  if (rare.length > 0)
    found.push({
      code: 'rare-answers',
      sentence: `Fewer than ${FEW_ANSWERS} texts answer the ${rare.length === 1 ? 'question' : 'questions'} for ${shownList(rare)}: expect little there, and a wide interval.`,
      rows: 0,
      weight: 'look'
    })
  return found
}
