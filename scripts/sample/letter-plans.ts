import type { Random } from '../../src/main/base/random.ts'
import { chance, pick, weighted } from './grammar.ts'
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
  const active = course === 'acute' || course === 'worsening'
  if (grade === 'alarming') return active ? (cleared ? 1 : 2) : course === 'easing' ? 1 : 0
  if (!active) return 0
  return (grade === 'concerning' ? 1 : 0) + (impact ? 1 : 0)
}

type Scenario = Problem & { readonly share: number }

const scenarios: Readonly<Record<Urgency, readonly Scenario[]>> = {
  urgent: [
    { share: 6, grade: 'alarming', course: 'acute' },
    { share: 4, grade: 'alarming', course: 'worsening' },
    { share: 0.7, grade: 'concerning', course: 'worsening', critical: true },
    { share: 1, grade: 'concerning', course: 'worsening', impact: true }
  ],
  soon: [
    { share: 4, grade: 'concerning', course: 'acute' },
    { share: 4, grade: 'concerning', course: 'worsening' },
    { share: 1.5, grade: 'alarming', course: 'easing' },
    { share: 1.2, grade: 'alarming', course: 'acute', cleared: true },
    { share: 0.8, grade: 'minor', course: 'worsening', impact: true }
  ],
  routine: [
    { share: 1, grade: 'minor', course: 'acute' },
    { share: 1, grade: 'minor', course: 'worsening' },
    { share: 1.5, grade: 'concerning', course: 'steady' },
    { share: 1, grade: 'concerning', course: 'easing' },
    { share: 1.5, grade: 'concerning', course: 'gone' },
    { share: 4, grade: 'alarming', course: 'gone' }
  ]
}
/**
 * What stands beside the deciding complaint. It is active where that is not and the other way round, so that the same words, differently
 * paired, make another letter with another urgency: what matters is which complaint is the new one.
 */
const companions: Readonly<Record<'active' | 'inactive', readonly Scenario[]>> = {
  active: [
    { share: 3, grade: 'minor', course: 'acute' },
    { share: 3, grade: 'minor', course: 'worsening' }
  ],
  inactive: [
    { share: 2, grade: 'minor', course: 'gone' },
    { share: 1, grade: 'minor', course: 'steady' },
    { share: 1, grade: 'minor', course: 'easing' },
    { share: 1, grade: 'concerning', course: 'gone' },
    { share: 1, grade: 'concerning', course: 'steady' },
    { share: 2, grade: 'alarming', course: 'gone' }
  ]
}

function draw(random: Random, list: readonly Scenario[]): Problem {
  const key = weighted(random, Object.fromEntries(list.map(({ share }, i) => [String(i), share])))
  return list[Number(key)] ?? pick(random, list)
}

const isActive = ({ course }: Problem): boolean => course === 'acute' || course === 'worsening'

const gradeOf = { urgent: 'alarming', soon: 'concerning', routine: 'minor' } as const satisfies Record<Urgency, Grade>

/**
 * A letter of the data set: one complaint of the patient's own, new or getting worse, decides. Beside it may stand a trifle, something long over or
 * unchanged, or a mention of what the patient does not have.
 */
export function planPlainLetter(random: Random): LetterPlan {
  const urgency = weighted(random, { routine: 36, soon: 34, urgent: 30 })
  const problems: Problem[] = [{ grade: gradeOf[urgency], course: chance(random, 0.55) ? 'acute' : 'worsening' }]
  const roll = random.uniform()
  if (roll < 0.25) problems.push({ grade: 'minor', course: chance(random, 0.5) ? 'acute' : 'steady' })
  else if (roll < 0.5) {
    const grade = pick(random, ['alarming', 'concerning', 'minor'] as const)
    problems.push({ grade, course: chance(random, 0.7) ? 'gone' : 'steady' })
  }
  return { urgency, problems, mentions: chance(random, 0.25) ? 1 : 0 }
}

/** A letter of the pre-training text: harder, so that the encoder has to tell apart how each complaint stands. */
export function planLetter(random: Random, urgency?: Urgency): LetterPlan {
  const target = urgency ?? weighted(random, { routine: 40, soon: 32, urgent: 28 })
  const problems = [draw(random, scenarios[target])]
  const extra = Number(weighted(random, { 0: 22, 1: 70, 2: 8 }))
  for (let i = 0; i < extra; i++) {
    const hasActive = problems.some(isActive)
    problems.push(draw(random, hasActive ? companions.inactive : companions.active))
  }
  return { urgency: target, problems, mentions: random.below(2) }
}
