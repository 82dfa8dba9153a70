import type { Random } from '../../src/main/base/random.ts'
import { between, chance, expand, pick, sample, sentence, weighted, type Words } from './grammar.ts'
import * as lexicon from './lexicon/visits-phrases.ts'
import { siteKinds, visitNouns, type Aspect } from './lexicon/visits-aspects.ts'
import { relatives } from './lexicon/clinic-frame.ts'
import { commonWords } from './people.ts'

/** A place that is judged: what it offers, and how much better or worse than usual it is, in points. */
export interface Site {
  readonly kind: string
  readonly level: number
  /** How fond its visitors are of long comments. */
  readonly length: number
}

export function drawSite(random: Random): Site {
  return { kind: pick(random, Object.keys(siteKinds)), level: 0.4 * random.normal(), length: between(random, 0, 2) }
}

/** One judgement: its words (lower case, no stop), its value from -2 to 2, and how much it counts. */
interface Judgement {
  /** What is judged. */
  readonly name: string
  readonly text: string
  readonly value: number
  readonly weight: number
}

const levels = { best: 2, good: 1, poor: -1, worst: -2 } as const
type Level = keyof typeof levels
const opposites: Readonly<Record<Level, Level>> = { best: 'poor', good: 'poor', poor: 'good', worst: 'good' }

/** "not superb" is a mild complaint, "not rude" mild praise; "a little slow" is half of "slow". */
export function valueOf(level: Level, sense: lexicon.Saying['sense'], isIntense: boolean): number {
  const value = levels[level] + (isIntense ? 0.6 * Math.sign(levels[level]) : 0)
  if (sense === 'flip') return value > 0 ? -1.1 : 0.9
  return sense === 'soften' ? value / 2 : value
}

function drawLevel(random: Random, mood: number): Level {
  const value = mood + 0.7 * random.normal()
  return value > 1.3 ? 'best' : value > 0 ? 'good' : value > -1.3 ? 'poor' : 'worst'
}

/** A level that reads well in the saying: nobody writes "somewhat appalling" or "very superb", and wishes are for good things. */
function levelFor(level: Level, saying: lexicon.Saying): Level {
  if (saying.praise) return level === 'worst' ? 'best' : level === 'poor' ? 'good' : level
  if (saying.sense !== 'soften' && !saying.template.includes('{intense}')) return level
  return level === 'best' ? 'good' : level === 'worst' ? 'poor' : level
}

/** A judgement of `aspect` in the given mood; `plain` is the share of straightforward wordings, `joinable` leaves out whole sentences. */
export function judge(random: Random, aspect: Aspect, mood: number, plain: number, joinable: boolean): Judgement {
  const turns = lexicon.sayings.filter(({ whole }) => !(joinable && whole))
  const saying = pick(random, chance(random, plain) ? lexicon.plainSayings : turns)
  // A flipped saying starts from the other side, so that the mood still decides what is meant.
  const level = levelFor(drawLevel(random, saying.sense === 'flip' ? -mood : mood), saying)
  const name = pick(random, aspect.names)
  const words: Words = {
    the: `the ${name}`,
    x: `the ${name} ${aspect.plural ? 'were' : 'was'}`,
    itwas: aspect.plural ? 'they were' : 'it was',
    them: aspect.plural ? 'them' : 'it',
    isare: aspect.plural ? 'are' : 'is',
    d: () => pick(random, chance(random, 0.55) ? lexicon.anyWords[level] : aspect[level]),
    opposite: aspect[opposites[level]],
    intense: lexicon.intensifiers
  }
  return {
    name,
    text: expand(random, saying.template, words),
    value: valueOf(level, saying.sense, saying.template.includes('{intense}')),
    weight: 1
  }
}

type Line = { readonly text: string; readonly parts: readonly Judgement[] }

function joined(random: Random, one: Judgement, two: Judgement): Line {
  const words = { one: one.text, two: two.text }
  const isContrast = one.value * two.value < 0
  if (!isContrast) return { text: sentence(random, pick(random, lexicon.evenJoins), words), parts: [one, two] }
  const isLate = chance(random, 0.6)
  const text = sentence(random, pick(random, isLate ? lexicon.lateWins : lexicon.earlyWins), words)
  const [first, second] = isLate ? [0.5, 1.4] : [1.4, 0.5]
  return {
    text,
    parts: [
      { ...one, weight: first },
      { ...two, weight: second }
    ]
  }
}

function single(random: Random, one: Judgement): Line {
  const role = weighted(random, { plain: 66, heavy: 18, light: 16 })
  const template = role === 'plain' ? '{one}' : pick(random, role === 'heavy' ? lexicon.heavy : lexicon.light)
  const weight = role === 'plain' ? 1 : role === 'heavy' ? 2.2 : 0.25
  return { text: sentence(random, template, { one: one.text }), parts: [{ ...one, weight }] }
}

export interface Comment {
  readonly sentences: string[]
  readonly judgements: readonly Judgement[]
  /** The score that the words deserve, from 0 to 10, before the site's level and the visitor's whim. */
  readonly merit: number
}

/** A comment. `plain` is how many judgements are said straight; the rest deny, soften, compare or wish. */
export function composeComment(random: Random, site: Site, plain = 0.6): Comment {
  const mood = 0.2 + 1.2 * random.normal()
  const aspects = sample(random, siteKinds[site.kind] ?? [], between(random, 2, 4 + site.length))
  const lines: Line[] = []
  while (aspects.length > 0) {
    const pair = aspects.splice(0, chance(random, 0.6) ? 2 : 1)
    const [one, two] = pair.map((aspect, i) =>
      judge(random, aspect, i === 1 && chance(random, 0.3) ? -mood : mood, plain, pair.length === 2)
    )
    if (one !== undefined) lines.push(two === undefined ? single(random, one) : joined(random, one, two))
  }
  const parts = lines.flatMap((line) => line.parts)
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  const mean = parts.reduce((sum, { weight, value }) => sum + weight * value, 0) / total
  const merit = Math.min(10, Math.max(0, 5.4 + 2.5 * mean))
  return {
    sentences: framed(
      random,
      site,
      lines.map((line) => line.text),
      merit
    ),
    judgements: parts,
    merit
  }
}

function framed(random: Random, site: Site, lines: string[], merit: number): string[] {
  const words: Words = {
    ...commonWords(random),
    visit: visitNouns[site.kind] ?? ['visit'],
    relative: relatives,
    good: lexicon.goodWords,
    bad: lexicon.badWords,
    weather: ['lovely', 'awful', 'glorious', 'miserable']
  }
  if (chance(random, 0.35)) lines.unshift(sentence(random, pick(random, lexicon.starts), words))
  if (chance(random, 0.22))
    lines.splice(between(random, 0, lines.length), 0, sentence(random, pick(random, lexicon.elsewhere), words))
  const tone = merit < 4 ? 'low' : merit < 6.6 ? 'middle' : 'high'
  if (chance(random, 0.15)) lines.push(sentence(random, pick(random, lexicon.endings[tone]), words))
  return lines
}
