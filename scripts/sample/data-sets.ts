import { Random } from '../../src/main/base/random.ts'
import { clauseSentences, clauseTypes, drawStyle } from './clauses.ts'
import { composeComment, drawSite } from './comments.ts'
import { between, chance, pick, sample, weighted } from './grammar.ts'
import { planPlainLetter } from './letter-plans.ts'
import { composeLetter, specialtyFor } from './letters.ts'
import { abbreviations } from './lexicon/clinic-style.ts'
import { drawPerson } from './people.ts'
import { countWords, shortened, withSlips } from './writing.ts'

/** One labelled text. `truth` is what the generator's plan says; `label` is what the file says (noise, or empty where nobody labelled). */
export interface SampleRow {
  readonly group: string
  readonly text: string
  readonly label: string
  readonly truth: string
}

export interface SampleSet {
  readonly file: string
  readonly columns: readonly [string, string, string]
  readonly rows: readonly SampleRow[]
}

export const dataSeed = 20261125
const noiseShare = 0.04
/** How many judgements in the data set's comments are said straight. */
const plainShare = 0.85
const unlabelledRows = 5
/** How many clauses quote an agreement of another type. */
const quotingShare = 0.75

/** How one writer of letters writes. */
export interface Hand {
  readonly shorten: number
  readonly slips: number
  readonly problemsFirst: number
  readonly paragraphs: boolean
}

export function drawHand(random: Random): Hand {
  const isHurried = chance(random, 0.2)
  return {
    shorten: isHurried ? 0.3 + 0.5 * random.uniform() : chance(random, 0.3) ? 0.1 : 0,
    slips: chance(random, 0.4) ? 0.01 * random.uniform() : 0,
    problemsFirst: random.uniform(),
    paragraphs: chance(random, 0.2)
  }
}

/** Sentences to a letter in the writer's hand. */
export function handwritten(random: Random, hand: Hand, sentences: readonly string[]): string {
  const glued = sentences.reduce(
    (text, line, i) => text + (i === 0 ? '' : hand.paragraphs && chance(random, 0.25) ? '\n' : ' ') + line,
    ''
  )
  return withSlips(random, shortened(random, glued, hand.shorten, abbreviations), hand.slips)
}

function identifier(prefix: string, number: number): string {
  return `${prefix}${String(number).padStart(4, '0')}`
}

/** The same rows with `noiseShare` of the labels replaced through `mistake`, and a few left empty. */
function withNoise(random: Random, rows: readonly Omit<SampleRow, 'label'>[], mistake: (truth: string) => string): SampleRow[] {
  const order = random.shuffle(rows.map((_, i) => i))
  const wrong = new Set(order.slice(0, Math.round(rows.length * noiseShare)))
  const empty = new Set(order.slice(-unlabelledRows))
  return rows.map((row, i) => ({ ...row, label: wrong.has(i) ? mistake(row.truth) : empty.has(i) ? '' : row.truth }))
}

function besideUrgency(random: Random, truth: string): string {
  return truth === 'soon' ? pick(random, ['routine', 'urgent']) : 'soon'
}

export function clinicalLetters(seed = dataSeed): SampleSet {
  const random = new Random(seed, 'clinical-letters')
  const hands = Array.from({ length: 45 }, () => drawHand(random))
  const rows: Omit<SampleRow, 'label'>[] = []
  for (let patient = 1; rows.length < 640; patient++) {
    const person = drawPerson(random)
    const hand = pick(random, hands)
    const specialty = specialtyFor(random, person)
    const count = Number(weighted(random, { 1: 28, 2: 28, 3: 20, 4: 12, 5: 7, 6: 5 }))
    for (let i = 0; i < count && rows.length < 640;) {
      const plan = planPlainLetter(random)
      const isUsual = chance(random, 0.7)
      const { sentences } = composeLetter(
        random,
        plan,
        person,
        isUsual ? specialty : specialtyFor(random, person),
        hand.problemsFirst
      )
      const text = handwritten(random, chance(random, 0.85) ? hand : pick(random, hands), sentences)
      if (countWords(text) < 15 || countWords(text) > 65) continue
      rows.push({ group: identifier('P', patient), text, truth: plan.urgency })
      i++
    }
  }
  const labelled = withNoise(random, rows, (truth) => besideUrgency(random, truth))
  // Letters that were sent twice.
  const all = random.shuffle([...labelled, ...sample(random, labelled, 5)])
  return { file: 'clinical-letters.csv', columns: ['patient_id', 'letter', 'urgency'], rows: all }
}

const confusions: Readonly<Record<string, string>> = {
  termination: 'force_majeure',
  liability_cap: 'indemnity',
  governing_law: 'assignment',
  confidentiality: 'data_protection',
  payment: 'termination',
  assignment: 'termination',
  indemnity: 'liability_cap',
  warranty: 'liability_cap',
  force_majeure: 'termination',
  data_protection: 'confidentiality'
}

export function contractClauses(seed = dataSeed): SampleSet {
  const random = new Random(seed, 'contract-clauses')
  const rows: Omit<SampleRow, 'label'>[] = []
  for (let document = 1; rows.length < 1600; document++) {
    const style = drawStyle(random)
    const isNumbered = chance(random, 0.35)
    const clutter = 0.3 * random.uniform()
    const count = between(random, 6, 16)
    for (let i = 0; i < count && rows.length < 1600;) {
      const type = pick(random, clauseTypes)
      const text = clauseSentences(random, type, style, clutter, quotingShare).join(' ')
      // A bare agreement of a few words may stand in the pre-training text.
      if (countWords(text) < 25) continue
      i++
      rows.push({ group: identifier('D', document), text: isNumbered ? `${i}. ${text}` : text, truth: type })
    }
  }
  const labelled = withNoise(random, rows, (truth) => confusions[truth] ?? truth)
  // Boilerplate that was copied into another document.
  const copies = sample(random, labelled, 4).map((row) => ({ ...row, group: pick(random, labelled).group }))
  return {
    file: 'contract-clauses.csv',
    columns: ['document_id', 'clause', 'type'],
    rows: random.shuffle([...labelled, ...copies])
  }
}

const terse: readonly [string, string][] = [
  ['All fine, thank you.', '7.5'],
  ['Nothing to add.', '6'],
  ['ok', '5.5'],
  ['Thanks!', '8.5']
]

export function satisfaction(seed = dataSeed): SampleSet {
  const random = new Random(seed, 'satisfaction')
  const sites = Array.from({ length: 120 }, () => drawSite(random))
  const rows: SampleRow[] = []
  while (rows.length < 890) {
    const number = random.below(sites.length)
    const site = sites[number] ?? pick(random, sites)
    const { sentences, merit } = composeComment(random, site, plainShare)
    const text = withSlips(random, sentences.join(' '), chance(random, 0.3) ? 0.01 : 0)
    if (countWords(text) < 12) continue
    const score = Math.min(10, Math.max(0, merit + site.level + 0.5 * random.normal()))
    rows.push({
      group: identifier('S', number + 1),
      text,
      label: rows.length < unlabelledRows ? '' : score.toFixed(1),
      truth: merit.toFixed(2)
    })
  }
  for (let i = 0; i < 10; i++) {
    const [text, label] = pick(random, terse)
    rows.push({ group: identifier('S', 1 + random.below(sites.length)), text, label, truth: label })
  }
  return { file: 'satisfaction.csv', columns: ['site_id', 'comment', 'score'], rows: random.shuffle(rows) }
}

export function allSets(seed = dataSeed): SampleSet[] {
  return [clinicalLetters(seed), contractClauses(seed), satisfaction(seed)]
}

function field(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** RFC 4180 with a header, `\n` line ends and a final one. */
export function toCsv({ columns, rows }: SampleSet): string {
  return [columns, ...rows.map(({ group, text, label }) => [group, text, label])]
    .map((cells) => `${cells.map(field).join(',')}\n`)
    .join('')
}
