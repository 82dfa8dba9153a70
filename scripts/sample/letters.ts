import type { Random } from '../../src/main/base/random.ts'
import { between, chance, expand, pick, sample, sentence, weighted, type Words } from './grammar.ts'
import * as chest from './lexicon/clinic-chest.ts'
import * as nerves from './lexicon/clinic-nerves.ts'
import * as belly from './lexicon/clinic-belly.ts'
import * as limbs from './lexicon/clinic-limbs.ts'
import * as whole from './lexicon/clinic-whole.ts'
import { courseEchoes, courses, mentions } from './lexicon/clinic-courses.ts'
import * as frame from './lexicon/clinic-frame.ts'
import { numberWords } from './lexicon/people.ts'
import type { Specialty } from './lexicon/clinic-types.ts'
import type { Grade, LetterPlan, Problem } from './letter-plans.ts'
import { personWords, type Person } from './people.ts'

// Listed by name: the order decides the draws, and that of a module's exports differs between loaders.
export const specialties: readonly Specialty[] = [
  chest.cardiology,
  chest.respiratory,
  nerves.neurology,
  nerves.ophthalmology,
  nerves.ent,
  belly.gastroenterology,
  belly.urology,
  belly.gynaecology,
  limbs.rheumatology,
  limbs.dermatology,
  whole.endocrinology,
  whole.psychiatry,
  whole.haematology
]

/** A complaint of one grade as a noun phrase, with the words that agree with it; not one that is in `taken`, to which it is added. */
export function complaintWords(
  random: Random,
  specialty: Specialty,
  grade: Grade,
  base: Words,
  taken = new Set<string>()
): Words {
  const template = pick(
    random,
    specialty[grade].filter((candidate) => !taken.has(candidate))
  )
  taken.add(template)
  const raw = expand(random, template, base)
  const isPlural = raw.startsWith('+')
  const s = raw.replace(/^\+/, '')
  const second = expand(
    random,
    pick(
      random,
      specialty[grade].filter((candidate) => candidate !== template)
    ),
    base
  )
  const bare = (phrase: string) => phrase.replace(/^\+?(an? )?/, '')
  return {
    ...base,
    s,
    bare: bare(s),
    has: isPlural ? 'have' : 'has',
    is: isPlural ? 'are' : 'is',
    was: isPlural ? 'were' : 'was',
    it: isPlural ? 'they' : 'it',
    it2: isPlural ? 'them' : 'it',
    gets: isPlural ? 'get' : 'gets',
    grows: isPlural ? 'grow' : 'grows',
    s2: second.replace(/^\+/, ''),
    bare2: bare(second),
    was2: second.startsWith('+') ? 'were' : 'was'
  }
}

export function letterWords(random: Random, person: Person, specialty: Specialty): Words {
  const small = () => pick(random, numberWords.slice(0, 7))
  const [drug = '', drug2 = '', drug3 = ''] = sample(random, specialty.drugs, 3)
  const [history = '', history2 = ''] = sample(random, specialty.history, 2)
  const [fine = '', fine2 = '', fine3 = ''] = sample(random, specialty.fine, 3)
  const common = personWords(random, person)
  return {
    ...common,
    ...{ drug, drug2, drug3, history, history2, fine, fine2, fine3 },
    bad: specialty.bad,
    clinic: specialty.clinic,
    chronic: frame.chronics,
    hobby: frame.hobbies,
    relative: frame.relatives,
    treatment: frame.treatments,
    activity: frame.activities,
    minor: () => expand(random, pick(random, specialty.minor), common).replace(/^\+/, ''),
    recent: [
      'this morning',
      'last night',
      'yesterday',
      'yesterday evening',
      'early today',
      'the day before yesterday',
      'late last night',
      'yesterday afternoon',
      'around midday today'
    ],
    hours: ['six', 'ten', 'twelve', 'twenty', 'thirty'],
    weeks: () => `${small()} [weeks|months]`,
    forWeeks: () => `for ${small()} [weeks|months]`,
    years: () => `${pick(random, numberWords)} years`,
    thisSpring: ['this spring', 'this month', 'Easter', 'last month', 'the new year']
  }
}

/** What a letter says about one complaint, and the words that name it. */
export interface Told {
  readonly lines: readonly string[]
  readonly words: Words
}

export function tellProblem(random: Random, specialty: Specialty, problem: Problem, base: Words, taken?: Set<string>): Told {
  const words = complaintWords(random, specialty, problem.grade, base, taken)
  const lines = [sentence(random, pick(random, courses[problem.course]), words)]
  const test = pick(random, specialty.tests)
  const tested: Words = { ...words, test: test.name, critical: test.critical, borderline: test.borderline, normal: test.normal }
  if (chance(random, 0.15)) lines.push(sentence(random, pick(random, courseEchoes[problem.course]), words))
  if (problem.critical) lines.push(sentence(random, pick(random, frame.testsCritical), tested))
  else if (problem.course !== 'gone' && chance(random, 0.12)) {
    lines.push(sentence(random, pick(random, chance(random, 0.7) ? frame.testsNormal : frame.testsBorderline), tested))
  }
  if (problem.cleared) lines.push(sentence(random, pick(random, frame.cleared), words))
  else if (problem.grade === 'alarming' && problem.course === 'acute' && chance(random, 0.15))
    lines.push(sentence(random, pick(random, frame.notCleared), words))
  if (problem.impact) lines.push(sentence(random, pick(random, frame.impacts), words))
  else if (problem.grade !== 'alarming' && problem.course !== 'gone' && chance(random, 0.12))
    lines.push(sentence(random, pick(random, frame.noImpacts), words))
  return { lines, words }
}

export type MentionKind = keyof typeof mentions
const mentionShares: Readonly<Record<MentionKind, number>> = {
  denied: 6,
  family: 3,
  other: 1.5,
  hypothetical: 2,
  worry: 1,
  mistaken: 1
}

export function tellMention(
  random: Random,
  specialty: Specialty,
  base: Words,
  kind: MentionKind = weighted(random, mentionShares)
): Told & { readonly kind: MentionKind } {
  const grade = chance(random, 0.65) ? 'alarming' : 'concerning'
  const words = complaintWords(random, specialty, grade, base)
  return { kind, lines: [sentence(random, pick(random, mentions[kind]), words)], words }
}

/** What says nothing about the complaints. None of it depends on how urgent the letter is. */
function surroundings(random: Random, words: Words): string[] {
  const lines: string[] = []
  const maybe = (probability: number, templates: readonly string[]) => {
    if (chance(random, probability)) lines.push(sentence(random, pick(random, templates), words))
  }
  maybe(0.3, frame.backgrounds)
  maybe(0.25, frame.medicines)
  maybe(0.25, frame.socials)
  maybe(0.2, frame.hasteElsewhere)
  maybe(0.2, frame.calmElsewhere)
  maybe(0.25, frame.examinations)
  return lines
}

/** A letter's sentences in order, and what each complaint in it was called. */
export interface Letter {
  readonly sentences: readonly string[]
  readonly problems: readonly Told[]
  readonly mentions: readonly (Told & { readonly kind: MentionKind })[]
}

/** An opening, then complaints and surroundings in the order this author likes. */
export function composeLetter(
  random: Random,
  plan: LetterPlan,
  person: Person,
  specialty: Specialty,
  problemsFirst: number
): Letter {
  const words = letterWords(random, person, specialty)
  const taken = new Set<string>()
  const problems = plan.problems.map((problem) => tellProblem(random, specialty, problem, words, taken))
  const told = Array.from({ length: plan.mentions }, () => tellMention(random, specialty, words))
  const blocks = random.shuffle(problems.map(({ lines }) => lines))
  const around = random.shuffle([...told.flatMap(({ lines }) => lines), ...surroundings(random, words)])
  const sentences = (
    chance(random, problemsFirst) ? [...blocks, ...around.map((line) => [line])] : mix(random, blocks, around)
  ).flat()
  if (chance(random, 0.7)) sentences.unshift(sentence(random, pick(random, frame.openings), words))
  if (chance(random, 0.3)) sentences.push(sentence(random, pick(random, frame.closings), words))
  return { sentences, problems, mentions: told }
}

function mix(random: Random, problems: readonly (readonly string[])[], around: readonly string[]): (readonly string[])[] {
  const blocks: (readonly string[])[] = around.map((line) => [line])
  for (const problem of problems) blocks.splice(between(random, 0, blocks.length), 0, problem)
  return blocks
}

export function specialtyFor(random: Random, person: Person): Specialty {
  for (;;) {
    const specialty = pick(random, specialties)
    const isOnlyFor = specialty.id === 'gynaecology' ? 'female' : specialty.id === 'urology' ? 'male' : person.sex
    if (isOnlyFor === person.sex) return specialty
  }
}
