import { Random } from '../../src/main/base/random.ts'
import type { Span } from '../../src/main/data/spans/span.ts'
import { between, chance, pick, weighted, type Words } from './grammar.ts'
import { drawHand, handwritten, type Hand } from './data-sets.ts'
import { planPlainLetter } from './letter-plans.ts'
import { letterWords, specialtyFor, tellMention, tellProblem } from './letters.ts'
import * as frame from './lexicon/clinic-frame.ts'
import * as lexicon from './lexicon/marked-letters.ts'
import { drugs, eponyms, noDrugs } from './lexicon/marked-words.ts'
import { marked, markedSentence, outsideMarks, unmarked } from './marks.ts'
import * as draw from './marked-words.ts'
import { drawPerson, type Person } from './people.ts'
import { countWords } from './writing.ts'

/** A text with its marks. Texts of one group belong to one person or matter. */
export interface MarkedRow {
  readonly id: string
  readonly group: string
  readonly text: string
  readonly spans: readonly Span[]
}

export const letterCount = 400

/** A patient as their letters know them: name, birthday, number and home stay the same. */
interface Patient {
  readonly person: Person
  readonly birth: string
  readonly id: string
  readonly street: string
  readonly town: string
  readonly practice: string
  readonly doctor: string
}

function drawPatient(random: Random): Patient {
  const plain = drawPerson(random)
  const person = { ...plain, first: draw.drawFirstName(random, plain.sex), last: draw.drawSurname(random) }
  return {
    person,
    birth: draw.drawDate(random, 2024 - person.age, 2024 - person.age, 'full'),
    id: draw.drawIdentifier(random),
    street: draw.drawPlace(random, 'street'),
    town: draw.drawTown(random),
    practice: draw.drawPlace(random, 'practice'),
    doctor: `${draw.drawFirstName(random, chance(random, 0.5) ? 'female' : 'male')} ${draw.drawSurname(random)}`
  }
}

/** The words of a letter, with everything in them marked that is to be found. */
function markedWords(random: Random, patient: Patient, base: Words): Words {
  const { person } = patient
  const title = person.sex === 'female' ? pick(random, ['Mrs', 'Ms', 'Miss']) : 'Mr'
  const anyone = (): string =>
    `${draw.drawFirstName(random, chance(random, 0.5) ? 'female' : 'male')} ${draw.drawSurname(random)}`
  const name = (text: string): string => marked('NAME', text)
  return {
    ...base,
    name: () => (chance(random, 0.6) ? `${title} ${name(person.last)}` : name(`${person.first} ${person.last}`)),
    titled: () => (chance(random, 0.7) ? `${title} ${name(person.last)}` : name(person.first)),
    fullName: () => name(`${person.first} ${person.last}`),
    lastFirst: () => name(`${chance(random, 0.5) ? person.last.toUpperCase() : person.last}, ${person.first}`),
    surname: () => name(draw.drawSurname(random)),
    firstName: () => name(draw.drawFirstName(random, chance(random, 0.5) ? 'female' : 'male')),
    otherName: () => name(anyone()),
    doctor: () => name(patient.doctor),
    birth: () => marked('DATE', patient.birth),
    date: () => marked('DATE', draw.drawDate(random, 2014, 2024, 'any')),
    day: () => marked('DATE', draw.drawDate(random, 2014, 2024, 'day')),
    exactDate: () => marked('DATE', draw.drawDate(random, 2021, 2024, 'full')),
    year: () => marked('DATE', String(between(random, 1998, 2023))),
    month: () => marked('DATE', draw.drawDate(random, 2014, 2024, 'month')),
    id: () => marked('ID', chance(random, 0.6) ? patient.id : draw.drawIdentifier(random)),
    home: () => marked('PLACE', patient.street),
    town: () => marked('PLACE', chance(random, 0.5) ? patient.town : draw.drawTown(random)),
    place: () => marked('PLACE', draw.drawPlace(random)),
    street: () => marked('PLACE', draw.drawPlace(random, 'street')),
    hospital: () => marked('PLACE', draw.drawPlace(random, 'hospital')),
    practice: () => marked('PLACE', chance(random, 0.6) ? patient.practice : draw.drawPlace(random, 'practice')),
    drug: () => marked('DRUG', draw.drawDrug(random)),
    dose: () => marked('DOSE', draw.drawDose(random)),
    // In the same writings as what is marked: only the words around tell them apart.
    serial: () => draw.drawIdentifier(random),
    edition: () => draw.drawDate(random, 2014, 2024, 'any'),
    quantity: () => draw.drawDose(random),
    noDrug: noDrugs,
    eponym: eponyms
  }
}

/** Common names of medicines: where complaints speak of one in passing it would stand unmarked. */
const COMMON_DRUG = new RegExp(`\\b(?:${drugs.join('|')}|penicillin|insulin|ibuprofen|morphine|steroid inhaler)\\b`, 'i')

/** A letter's sentences, with the signs of their marks. */
function sentencesOf(random: Random, patient: Patient): string[] {
  const specialty = specialtyFor(random, patient.person)
  const words = markedWords(random, patient, letterWords(random, patient.person, specialty))
  const told = (templates: readonly string[]): string => markedSentence(random, pick(random, templates), words)
  const some = (least: number, most: number, templates: readonly string[]): string[] =>
    Array.from({ length: between(random, least, most) }, () => told(templates))
  const plan = planPlainLetter(random)
  const complaints = plan.problems.flatMap((problem) => tellProblem(random, specialty, problem, words).lines)
  const asides = chance(random, 0.3) ? tellMention(random, specialty, words).lines : []
  const body = random.shuffle([
    ...some(1, 2, lexicon.medicines),
    ...some(0, 2, lexicon.people),
    ...some(1, 3, lexicon.traps),
    ...some(0, 1, frame.backgrounds.slice(0, 2)),
    ...[...complaints, ...asides].filter((line) => !COMMON_DRUG.test(outsideMarks(line)))
  ])
  return [
    ...(chance(random, 0.55) ? [told(lexicon.headers)] : []),
    ...(chance(random, 0.75) ? [told(chance(random, 0.6) ? lexicon.openings : frame.openings)] : []),
    ...body,
    ...(chance(random, 0.6) ? [told(chance(random, 0.75) ? lexicon.closings : frame.closings)] : [])
  ]
}

function composeLetter(random: Random, patient: Patient, hand: Hand): Pick<MarkedRow, 'text' | 'spans'> {
  return unmarked(handwritten(random, hand, sentencesOf(random, patient)))
}

/** 400 letters on some 200 patients, in the hands of 45 writers. */
export function markedLetters(seed: number, count = letterCount): MarkedRow[] {
  const random = new Random(seed, 'marked-letters')
  const hands = Array.from({ length: 45 }, () => drawHand(random))
  const rows: MarkedRow[] = []
  for (let number = 1; rows.length < count; number++) {
    const patient = drawPatient(random)
    const hand = pick(random, hands)
    const letters = Number(weighted(random, { 1: 45, 2: 30, 3: 15, 4: 10 }))
    for (let i = 0; i < letters && rows.length < count;) {
      const { text, spans } = composeLetter(random, patient, hand)
      if (countWords(text) < 30 || countWords(text) > 120) continue
      i++
      rows.push({ id: '', group: `P${String(number).padStart(4, '0')}`, text, spans })
    }
  }
  return random.shuffle(rows).map((row, i) => ({ ...row, id: `L${String(i + 1).padStart(4, '0')}` }))
}
