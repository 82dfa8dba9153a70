/**
 * What the labelled texts leave unsaid and the pre-training corpus says in notes: how pressing a letter is, how a complaint stands, what a
 * clause is about, what a remark amounts to. A model that has read them knows what the words of the three domains imply, as one pre-trained on
 * real text would. Each note turns on one telling word, so that a reader who has to guess the word has to have understood the text.
 */
import type { Course } from './clinic-courses.ts'

export const triage: readonly string[] = [
  'triage: {urgency}',
  'triage: {urgency}',
  'priority: {urgency}',
  'to be marked {urgency}',
  'kind of appointment: {urgency}'
]
export const urgencyWords: Readonly<Record<'routine' | 'soon' | 'urgent', readonly string[]>> = {
  urgent: ['urgent', 'urgent', 'immediate', 'emergency'],
  soon: ['soon', 'soon', 'early', 'prompt'],
  routine: ['routine', 'routine', 'ordinary', 'waiting']
}

export const gradeWords: Readonly<Record<'alarming' | 'concerning' | 'minor', readonly string[]>> = {
  alarming: ['dangerous', 'dangerous', 'alarming'],
  concerning: ['serious', 'serious', 'concerning'],
  minor: ['harmless', 'harmless', 'trivial']
}
export const courseWords: Readonly<Record<Course, readonly string[]>> = {
  acute: ['new', 'new', 'fresh'],
  worsening: ['worse', 'worse', 'increasing'],
  steady: ['unchanged', 'unchanged', 'stable'],
  easing: ['better', 'better', 'improving'],
  gone: ['over', 'over', 'past']
}
export const problemNotes: readonly string[] = [
  '{bare}: {grade}, {course}',
  '{bare}: {course}, {grade}',
  'noted: {bare}, {course}',
  'status of {bare}: {course}',
  'weight of {bare}: {grade}'
]
/** Notes on the one complaint that was just told. */
export const shortNotes: readonly string[] = [
  'status: {course}',
  'weight: {grade}',
  'status: {course}; weight: {grade}',
  'weight: {grade}; status: {course}',
  '{grade} and {course}'
]
export const gradeNotes: readonly string[] = [
  '{s} {is} {grade} when new',
  '{bare}: {grade}',
  'when new, {s} {is} {grade}',
  '{grade}: {s}'
]
export const mentionWords: Readonly<
  Record<'denied' | 'family' | 'other' | 'hypothetical' | 'worry' | 'mistaken', readonly string[]>
> = {
  denied: ['absent', 'absent', 'none'],
  family: ['elsewhere', 'elsewhere', 'relative'],
  other: ['elsewhere'],
  hypothetical: ['absent', 'possible'],
  worry: ['absent', 'feared'],
  mistaken: ['absent', 'mistaken']
}
export const mentionNotes: readonly string[] = ['{bare}: {mention}', 'status of {bare}: {mention}', 'noted: {bare}, {mention}']

export const clauseTitles: Readonly<Record<string, readonly string[]>> = {
  termination: ['termination', 'termination', 'ending the contract'],
  liability_cap: ['liability', 'liability', 'limits of liability'],
  governing_law: ['jurisdiction', 'jurisdiction', 'governing law'],
  confidentiality: ['confidentiality', 'confidentiality', 'secrecy'],
  payment: ['payment', 'payment', 'fees and prices'],
  assignment: ['assignment', 'assignment', 'transfer of rights'],
  indemnity: ['indemnity', 'indemnity', 'holding harmless'],
  warranty: ['warranty', 'warranty', 'guarantees'],
  force_majeure: ['events', 'events', 'events beyond control'],
  data_protection: ['privacy', 'privacy', 'personal data']
}
export const clauseNotes: readonly string[] = [
  'subject: {title}',
  'subject: {title}',
  'heading: {title}',
  'agreed: {title}',
  'this clause is about {title}'
]
export const rivalNotes: readonly string[] = [
  'subject: {title}; mentioned: {otherTitle}',
  'subject: {title}, not {otherTitle}',
  'mentioned: {otherTitle}; subject: {title}',
  'only mentioned: {otherTitle}'
]

/** A mark of one to five for each thing that was judged. */
export const remarkNotes: readonly string[] = [
  '{name}: {stars}',
  '{name}: {stars}',
  '{name}: {stars} of 5',
  'mark for the {name}: {stars}'
]
export const totalNotes: readonly string[] = [
  'total: {mark}',
  'total: {mark} of 10',
  'on the whole {markword}',
  'points: {mark}',
  'overall: {markword}'
]
/** From 0 to 10 points. */
export const markWords: readonly string[] = [
  'a disaster',
  'dire',
  'bad',
  'poor',
  'rather poor',
  'mixed',
  'fair',
  'good',
  'very good',
  'excellent',
  'perfect'
]
