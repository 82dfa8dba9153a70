import type { Random } from '../../src/main/base/random.ts'
import { pick, weighted } from './grammar.ts'
import type { Course } from './lexicon/clinic-courses.ts'

export const urgencies = ['routine', 'soon', 'urgent'] as const
export type Urgency = (typeof urgencies)[number]
export type Grade = 'alarming' | 'concerning' | 'minor'
/** One complaint of the patient's own: how much it weighs, how it stands, and what was found out about it. */
export interface Problem {
  readonly grade: Grade
  readonly course: Course
  readonly impact?: boolean
  readonly critical?: boolean
  readonly cleared?: boolean
}

/** Everything that decides a letter's urgency (`problems`), and how many misleading mentions surround it. */
export interface LetterPlan {
  readonly urgency: Urgency
  readonly problems: readonly Problem[]
  readonly mentions: number
}

/**
 * The rule behind the labels. A critical result: urgent. An alarming complaint: urgent while new or worse, soon while easing or when
 * already checked, routine once gone. A concerning one: soon while new or worse. A disabling worsening raises the last two by one step.
 */
export function urgencyOf({ grade, course, impact = false, critical = false, cleared = false }: Problem): number {
  if (critical) return 2
  const isActive = course === 'acute' || course === 'worsening'
  if (grade === 'alarming') return isActive ? (cleared ? 1 : 2) : course === 'easing' ? 1 : 0
  if (!isActive) return 0
  return (grade === 'concerning' ? 1 : 0) + (impact ? 1 : 0)
}

const scenarios: Readonly<Record<Urgency, readonly (Problem & { readonly share: number })[]>> = {
  urgent: [
    { share: 5, grade: 'alarming', course: 'acute' },
    { share: 3, grade: 'alarming', course: 'worsening' },
    { share: 1, grade: 'concerning', course: 'worsening', critical: true },
    { share: 1, grade: 'minor', course: 'acute', critical: true },
    { share: 1.5, grade: 'concerning', course: 'worsening', impact: true }
  ],
  soon: [
    { share: 3, grade: 'concerning', course: 'acute' },
    { share: 3, grade: 'concerning', course: 'worsening' },
    { share: 2, grade: 'alarming', course: 'easing' },
    { share: 1.5, grade: 'alarming', course: 'acute', cleared: true },
    { share: 1.5, grade: 'minor', course: 'worsening', impact: true }
  ],
  routine: [
    { share: 2, grade: 'minor', course: 'acute' },
    { share: 2, grade: 'minor', course: 'worsening' },
    { share: 1, grade: 'minor', course: 'steady' },
    { share: 2, grade: 'concerning', course: 'steady' },
    { share: 1, grade: 'concerning', course: 'easing' },
    { share: 1, grade: 'concerning', course: 'gone' },
    { share: 2, grade: 'alarming', course: 'gone' }
  ]
}
const companions: readonly (Problem & { readonly share: number })[] = [
  { share: 2, grade: 'minor', course: 'acute' },
  { share: 1, grade: 'minor', course: 'worsening' },
  { share: 2, grade: 'minor', course: 'steady' },
  { share: 2, grade: 'concerning', course: 'steady' },
  { share: 1, grade: 'concerning', course: 'gone' },
  { share: 2, grade: 'alarming', course: 'gone' }
]

function draw(random: Random, list: readonly (Problem & { readonly share: number })[]): Problem {
  const key = weighted(random, Object.fromEntries(list.map(({ share }, i) => [String(i), share])))
  return list[Number(key)] ?? pick(random, list)
}

export function planLetter(random: Random, urgency?: Urgency): LetterPlan {
  const target = urgency ?? weighted(random, { routine: 42, soon: 33, urgent: 25 })
  const problems = [draw(random, scenarios[target])]
  const extra = weighted(random, { 0: 58, 1: 36, 2: 6 })
  for (let i = 0; i < Number(extra); i++) problems.push(draw(random, companions))
  return { urgency: target, problems, mentions: random.below(target === 'urgent' ? 2 : 3) }
}
