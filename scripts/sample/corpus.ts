import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { pathToFileURL } from 'node:url'
import { InputError } from '../../src/main/base/errors.ts'
import { Random } from '../../src/main/base/random.ts'
import { clauseSentences, clauseTypes, clauseWords, drawStyle, otherType, clauseKinds } from './clauses.ts'
import { composeComment, drawSite, judge } from './comments.ts'
import { allSets, drawHand, handwritten } from './data-sets.ts'
import { between, chance, pick, sample, sentence, weighted, type Words } from './grammar.ts'
import { generalPassage } from './general-text.ts'
import { planLetter, urgencies, urgencyOf } from './letter-plans.ts'
import * as letters from './letters.ts'
import { courses } from './lexicon/clinic-courses.ts'
import { rivals } from './lexicon/contracts-words.ts'
import * as gists from './lexicon/gists.ts'
import { siteKinds } from './lexicon/visits-aspects.ts'
import { drawPerson } from './people.ts'

/** A letter as in the data, and with it what the data leaves out: how pressing the writer finds it. */
function letterPassage(random: Random): string[] {
  const plan = planLetter(random)
  const person = drawPerson(random)
  const specialty = letters.specialtyFor(random, person)
  const body = handwritten(
    random,
    drawHand(random),
    letters.letterSentences(random, plan, person, specialty, random.uniform())
  ).replaceAll('\n', ' ')
  const words = letters.letterWords(random, person, specialty)
  const verdict = sentence(random, pick(random, gists.triage[plan.urgency]), words)
  return chance(random, 0.25) ? [verdict, body] : chance(random, 0.85) ? [body, verdict] : [body]
}

/** One or two statements about a complaint, each with its gist, and the verdict that follows. */
function statementPassage(random: Random): string[] {
  const person = drawPerson(random)
  const specialty = letters.specialtyFor(random, person)
  const words = letters.letterWords(random, person, specialty)
  if (chance(random, 0.25)) {
    const kind = pick(random, ['denied', 'family', 'other', 'hypothetical', 'worry', 'mistaken'] as const)
    return [
      letters.mentionSentence(random, specialty, words, kind),
      sentence(random, pick(random, gists.mentionGists[kind]), words)
    ]
  }
  const grade = pick(random, ['alarming', 'concerning', 'minor'] as const)
  const complaint = letters.complaintWords(random, specialty, grade, words)
  if (chance(random, 0.3)) return [sentence(random, pick(random, gists.gradeGists[grade]), complaint)]
  const plan = planLetter(random)
  const [problem] = plan.problems
  if (problem === undefined || chance(random, 0.4)) {
    const course = pick(random, ['acute', 'worsening', 'steady', 'easing', 'gone'] as const)
    return [
      sentence(random, pick(random, courses[course]), complaint),
      sentence(random, pick(random, gists.courseGists[course]), complaint)
    ]
  }
  const urgency = urgencies[urgencyOf(problem)] ?? plan.urgency
  return [
    ...letters.problemSentences(random, specialty, problem, words),
    sentence(random, pick(random, gists.triage[urgency]), words)
  ]
}

function clausePassage(random: Random): string[] {
  const type = pick(random, clauseTypes)
  const style = drawStyle(random)
  const title = gists.clauseTitles[type] ?? [type]
  if (chance(random, 0.35)) {
    const other = otherType(random, type)
    const words: Words = {
      ...clauseWords(random, style),
      core: clauseKinds[type].cores,
      rival: clauseKinds[other].cores,
      title,
      otherTitle: gists.clauseTitles[other] ?? [other]
    }
    const lines = [sentence(random, pick(random, chance(random, 0.75) ? rivals : ['{core}']), words)]
    return [...lines, sentence(random, pick(random, chance(random, 0.5) ? gists.rivalGists : gists.clauseGists), words)]
  }
  const body = clauseSentences(random, type, style, random.uniform())
  if (chance(random, 0.35)) return [sentence(random, '{title}', { title }), ...body]
  return chance(random, 0.85) ? [...body, sentence(random, pick(random, gists.clauseGists), { title })] : body
}

function valueTone(value: number): 'low' | 'middle' | 'high' {
  return value < -0.7 ? 'low' : value > 0.7 ? 'high' : 'middle'
}

function commentPassage(random: Random): string[] {
  const site = drawSite(random)
  if (chance(random, 0.4)) {
    return sample(random, siteKinds[site.kind] ?? [], between(random, 1, 3)).flatMap((aspect) => {
      const { text, value } = judge(random, aspect, 1.2 * random.normal(), 0.4, false)
      return [
        sentence(random, '{text}', { text: () => text }),
        sentence(random, pick(random, gists.valueGists[valueTone(value)]), {})
      ]
    })
  }
  const { sentences, merit } = composeComment(random, site)
  const points = Math.round(merit)
  const words: Words = { mark: gists.marks[points] ?? 'five', markword: gists.markWords[points] ?? ['average'] }
  const rating = sentence(random, pick(random, gists.ratings), words)
  return chance(random, 0.2) ? [rating, ...sentences] : [...sentences, rating]
}

const kinds = {
  letter: letterPassage,
  statement: statementPassage,
  clause: clausePassage,
  comment: commentPassage,
  general: generalPassage
}
/** Passages of each kind, in parts of a hundred (letters are several times longer than the rest). */
const shares: Readonly<Record<keyof typeof kinds, number>> = { letter: 16, statement: 22, clause: 24, comment: 22, general: 16 }

/**
 * Passages without end, one line each, fixed by `seed`. They come from the grammars of the data sets under streams of their own, and
 * none contains the whole text of a row of them.
 */
export function* passages(seed: number): Generator<string, never> {
  const random = new Random(seed, 'corpus')
  const rows = allSets().flatMap((set) => set.rows.map(({ text }) => text.replaceAll('\n', ' ').replace(/^\d+\. /, '')))
  const known = new Set(rows)
  for (;;) {
    const passage = kinds[weighted(random, shares)](random).join(' ')
    // A row can only recur as a run of whole sentences.
    if (!runsOf(passage.split(/(?<=[.?!]) /)).some((run) => known.has(run))) yield passage
  }
}

/** Every run of neighbouring sentences, joined by a blank. */
function runsOf(lines: readonly string[]): string[] {
  return lines.flatMap((_, start) => lines.slice(start).map((_, length) => lines.slice(start, start + length + 1).join(' ')))
}

/** Writes passages until `bytes` bytes of UTF-8 are reached. Returns how many passages and bytes were written. */
export async function writeCorpus(path: string, seed: number, bytes: number): Promise<{ passages: number; bytes: number }> {
  await mkdir(dirname(path), { recursive: true })
  const file = await open(path, 'w')
  let written = 0
  let count = 0
  try {
    let pending: string[] = []
    for (const passage of passages(seed)) {
      const line = `${passage}\n`
      pending.push(line)
      written += Buffer.byteLength(line)
      count++
      if (pending.length < 2000 && written < bytes) continue
      await file.write(pending.join(''))
      pending = []
      if (written >= bytes) break
    }
  } finally {
    await file.close()
  }
  return { passages: count, bytes: written }
}

/** `node scripts/sample/corpus.ts --megabytes 20 --seed 7 --out FILE`: the text that the sample encoder is pre-trained on. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { megabytes: { type: 'string', default: '20' }, seed: { type: 'string', default: '7' }, out: { type: 'string' } }
  })
  const megabytes = Number(values.megabytes)
  if (values.out === undefined || !(megabytes > 0))
    throw new InputError('corpus.options', 'Name the file to write: --out FILE, and a size above 0: --megabytes 20.')
  const result = await writeCorpus(values.out, Number(values.seed), megabytes * 1e6)
  console.log(`${values.out}: ${result.passages} passages, ${(result.bytes / 1e6).toFixed(1)} MB`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
