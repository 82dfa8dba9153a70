import type { Finding } from '../../../preload/contract/data.ts'
import { counted, harmless, shown, shownList } from '../../base/wording.ts'
import type { MarkCounts } from './mark-counts.ts'
import { similarGroups } from './findings.ts'

const SHOWN_TYPES = 12
/** Below this a kind can hardly be learned, and its part of the test says nothing. */
const FEW_PASSAGES = 20

type Told = Pick<Finding, 'code' | 'sentence' | 'rows' | 'weight'>

/** What the marks are, as something to know. `role`: whether they are what the data are for. */
export function marksFindings(counts: MarkCounts, role: 'found' | 'answers' | 'unused'): readonly Finding[] {
  if (counts.texts.all === 0) return []
  // Which questions have few answers is told with the questions.
  const told =
    role === 'unused' ? [marked(counts)] : role === 'answers' ? [] : [bareTexts(counts), rareKinds(counts), similarKinds(counts)]
  return told.filter((one) => one !== null).map((one) => ({ ...one, hasRows: false, fixes: [] }))
}

function marked({ texts, types }: MarkCounts): Told {
  const named = types.slice(0, SHOWN_TYPES).map(([type, count]) => `${harmless(type).slice(0, 40)} ${count}`)
  const more = types.length > SHOWN_TYPES ? ` and ${counted(types.length - SHOWN_TYPES, 'more type')}` : ''
  const bare = texts.bare === 0 ? '' : ` In ${counted(texts.bare, 'text')} nothing is marked.`
  const sentence = `${counted(texts.all, 'text has', 'texts have')} marked passages: ${named.join(', ')}${more}.${bare}`
  return { code: 'marks', sentence, rows: texts.all, weight: 'fyi' }
}

function bareTexts({ texts }: MarkCounts): Told | null {
  if (texts.bare === 0) return null
  const sentence = `In ${counted(texts.bare, 'text')} of ${texts.all} nothing is marked. Training learns from that too: what was overlooked there is learned as nothing.`
  return { code: 'marks-none', sentence, rows: texts.bare, weight: 'fyi' }
}

function rareKinds({ types }: MarkCounts): Told | null {
  const rare = types.filter(([, count]) => count < FEW_PASSAGES)
  if (rare.length === 0) return null
  const names = shownList(rare.map(([type]) => type))
  const sentence = `Fewer than ${FEW_PASSAGES} passages are marked as ${names}: expect little there, and a wide interval.`
  return { code: 'rare-kinds', sentence, rows: 0, weight: 'look' }
}

function similarKinds({ types }: MarkCounts): Told | null {
  const groups = similarGroups(types.map(([type]) => type))
  if (groups.length === 0) return null
  const list = groups.map((group) => group.map(shown).join(' and ')).slice(0, 3)
  const sentence = `The kinds ${list.join('; ')} differ only in capitals or spaces. If they mean the same, mark them alike.`
  return { code: 'similar-kinds', sentence, rows: 0, weight: 'look' }
}
