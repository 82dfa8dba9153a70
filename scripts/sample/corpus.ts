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
import { planLetter, urgencies, urgencyOf, type Problem, type Urgency } from './letter-plans.ts'
import * as letters from './letters.ts'
import { rivals } from './lexicon/contracts-words.ts'
import { courses } from './lexicon/clinic-courses.ts'
import * as gists from './lexicon/gists.ts'
import { siteKinds } from './lexicon/visits-aspects.ts'
import { drawPerson } from './people.ts'

type Mention = keyof typeof gists.mentionWords

/** How one complaint stands, in a note. */
function problemNote(random: Random, { grade, course }: Problem, words: Words): string {
  return sentence(random, pick(random, gists.problemNotes), {
    ...words,
    grade: gists.gradeWords[grade],
    course: gists.courseWords[course]
  })
}

function mentionNote(random: Random, kind: Mention, words: Words): string {
  return sentence(random, pick(random, gists.mentionNotes), { ...words, mention: gists.mentionWords[kind] })
}

function verdict(random: Random, urgency: Urgency, words: Words): string {
  return sentence(random, pick(random, gists.triage), { ...words, urgency: gists.urgencyWords[urgency] })
}

/** A letter as in the data, and with it what the data leaves out: how its complaints stand, and how pressing it is. */
function letterPassage(random: Random): string[] {
  const plan = planLetter(random)
  const person = drawPerson(random)
  const letter = letters.composeLetter(random, plan, person, letters.specialtyFor(random, person), random.uniform())
  const body = handwritten(random, drawHand(random), letter.sentences).replaceAll('\n', ' ')
  const notes = [
    ...plan.problems.map((problem, i) => problemNote(random, problem, letter.problems[i]?.words ?? {})),
    ...letter.mentions.filter(() => chance(random, 0.5)).map(({ kind, words }) => mentionNote(random, kind, words))
  ]
  const last = verdict(random, plan.urgency, letter.problems[0]?.words ?? {})
  return [body, ...notesAndVerdict(random, notes, last)]
}

/** The verdict alone, so that it has to be drawn from the text; or the notes; or both. */
function notesAndVerdict(random: Random, notes: readonly string[], last: string): string[] {
  const roll = random.uniform()
  if (roll < 0.5) return [last]
  return roll < 0.75 ? random.shuffle([...notes]) : [...random.shuffle([...notes]), last]
}

/** What several complaints weigh, whoever has them. */
function gradePassage(random: Random): string[] {
  const person = drawPerson(random)
  const specialty = letters.specialtyFor(random, person)
  const words = letters.letterWords(random, person, specialty)
  return Array.from({ length: between(random, 2, 4) }, () => {
    const grade = pick(random, grades)
    const complaint = letters.complaintWords(random, specialty, grade, words)
    return sentence(random, pick(random, gists.gradeNotes), { ...complaint, grade: gists.gradeWords[grade] })
  })
}

/** One complaint of any weight and course, or one that is not the patient's own, with what is to be made of it. */
function statementPassage(random: Random): string[] {
  const person = drawPerson(random)
  const specialty = letters.specialtyFor(random, person)
  const words = letters.letterWords(random, person, specialty)
  if (chance(random, 0.2)) {
    const told = letters.tellMention(random, specialty, words)
    return [...told.lines, mentionNote(random, told.kind, told.words)]
  }
  const problem = chance(random, 0.5)
    ? { grade: pick(random, grades), course: pick(random, courseNames) }
    : pick(random, planLetter(random).problems)
  const told = letters.tellProblem(random, specialty, problem, words)
  const urgency = urgencies[urgencyOf(problem)] ?? 'routine'
  return [
    ...told.lines,
    ...notesAndVerdict(random, [problemNote(random, problem, told.words)], verdict(random, urgency, told.words))
  ]
}

/** One complaint, or a mention, and as short a note on it as can be. */
function briefPassage(random: Random): string[] {
  const person = drawPerson(random)
  const specialty = letters.specialtyFor(random, person)
  const words = letters.letterWords(random, person, specialty)
  if (chance(random, 0.2)) {
    const told = letters.tellMention(random, specialty, words)
    return [...told.lines, sentence(random, 'status: {mention}', { mention: gists.mentionWords[told.kind] })]
  }
  const problem = { grade: pick(random, grades), course: pick(random, courseNames) }
  const told = letters.tellProblem(random, specialty, problem, words)
  if (chance(random, 0.3)) return [...told.lines, verdict(random, urgencies[urgencyOf(problem)] ?? 'routine', told.words)]
  const said = { grade: gists.gradeWords[problem.grade], course: gists.courseWords[problem.course] }
  return [...told.lines, sentence(random, pick(random, gists.shortNotes), said)]
}

/** One complaint with a note that tells both its course and its weight. */
function notePassage(random: Random): string[] {
  const person = drawPerson(random)
  const specialty = letters.specialtyFor(random, person)
  const base = letters.letterWords(random, person, specialty)
  const problem = { grade: pick(random, grades), course: pick(random, courseNames) }
  const words = letters.complaintWords(random, specialty, problem.grade, base)
  const said = { grade: gists.gradeWords[problem.grade], course: gists.courseWords[problem.course] }
  return [
    sentence(random, pick(random, courses[problem.course]), words),
    sentence(random, pick(random, ['{grade}, {course}', '{course}, {grade}', 'status: {course}; weight: {grade}']), said)
  ]
}

/** The complaints of a letter without the letter around them. */
function pairPassage(random: Random): string[] {
  const plan = planLetter(random)
  const person = drawPerson(random)
  const specialty = letters.specialtyFor(random, person)
  const words = letters.letterWords(random, person, specialty)
  const taken = new Set<string>()
  const told = plan.problems.map((problem) => letters.tellProblem(random, specialty, problem, words, taken))
  const notes = plan.problems.map((problem, i) => problemNote(random, problem, told[i]?.words ?? {}))
  return [
    ...random.shuffle(told.map(({ lines }) => lines)).flat(),
    ...notesAndVerdict(random, notes, verdict(random, plan.urgency, words))
  ]
}

function clausePassage(random: Random): string[] {
  const type = pick(random, clauseTypes)
  const style = drawStyle(random)
  const title = gists.clauseTitles[type] ?? [type]
  const body = clauseSentences(random, type, style, random.uniform())
  return [...body, sentence(random, pick(random, gists.clauseNotes), { title })]
}

/** One agreement, or one beside another that is only talked about. */
function corePassage(random: Random): string[] {
  const type = pick(random, clauseTypes)
  const other = otherType(random, type)
  const words: Words = {
    ...clauseWords(random, drawStyle(random)),
    core: clauseKinds[type].cores,
    rival: clauseKinds[other].cores,
    title: gists.clauseTitles[type] ?? [type],
    otherTitle: gists.clauseTitles[other] ?? [other]
  }
  if (chance(random, 0.3)) return [sentence(random, '{core}', words), sentence(random, pick(random, gists.clauseNotes), words)]
  const notes = chance(random, 0.5) ? gists.rivalNotes : gists.clauseNotes
  return [sentence(random, pick(random, rivals), words), sentence(random, pick(random, notes), words)]
}

/** Phrases and agreements out of clauses, each with its type. */
function termPassage(random: Random): string[] {
  const words = clauseWords(random, drawStyle(random))
  return Array.from({ length: between(random, 2, 4) }, () => {
    const type = pick(random, clauseTypes)
    const { nouns, events, cores } = clauseKinds[type]
    const phrase = pick(random, pick(random, [nouns, nouns, events, events, cores]))
    return sentence(random, '{phrase}: {title}', { ...words, phrase, title: gists.clauseTitles[type] ?? [type] })
  })
}

/** One to five stars for a value between -2.6 and 2.6. */
function starsOf(value: number): string {
  return String(value < -1.5 ? 1 : value < -0.7 ? 2 : value <= 0.7 ? 3 : value <= 1.5 ? 4 : 5)
}

function remarkNote(random: Random, { name, value }: { name: string; value: number }): string {
  return sentence(random, pick(random, gists.remarkNotes), { name, stars: starsOf(value) })
}

function remarkPassage(random: Random, plain = 0.35): string[] {
  const { kind } = drawSite(random)
  return sample(random, siteKinds[kind] ?? [], between(random, 1, 3)).flatMap((aspect) => {
    const judgement = judge(random, aspect, 1.2 * random.normal(), plain, false)
    return [sentence(random, '{text}', { text: () => judgement.text }), remarkNote(random, judgement)]
  })
}

function commentPassage(random: Random): string[] {
  const { sentences, judgements, merit } = composeComment(random, drawSite(random))
  const points = Math.round(merit)
  const total = sentence(random, pick(random, gists.totalNotes), {
    mark: String(points),
    markword: gists.markWords[points] ?? 'mixed'
  })
  const notes = sample(random, judgements, between(random, 1, 4)).map((judgement) => remarkNote(random, judgement))
  return [...sentences, ...notesAndVerdict(random, notes, total)]
}

const grades = ['alarming', 'concerning', 'minor'] as const
const courseNames = ['acute', 'worsening', 'steady', 'easing', 'gone'] as const
const kinds = {
  letter: letterPassage,
  grade: gradePassage,
  brief: briefPassage,
  note: notePassage,
  term: termPassage,
  statement: statementPassage,
  pair: pairPassage,
  clause: clausePassage,
  core: corePassage,
  remark: (random: Random) => remarkPassage(random),
  plainRemark: (random: Random) => remarkPassage(random, 0.9),
  comment: commentPassage,
  general: generalPassage
}
type Kind = keyof typeof kinds
export type Mixture = 'mixed' | 'short' | 'terse' | 'plain' | 'whole' | 'close'
/** How often each kind of passage comes, in parts of a hundred: everything mixed, or one statement at a time. */
const mixtures: Readonly<Record<Mixture, Readonly<Partial<Record<Kind, number>>>>> = {
  terse: { grade: 22, note: 28, term: 22, remark: 28 },
  plain: { grade: 20, note: 27, term: 20, plainRemark: 33 },
  short: { grade: 15, brief: 35, core: 28, remark: 22 },
  mixed: { letter: 13, grade: 8, statement: 15, pair: 15, clause: 12, core: 11, remark: 9, comment: 13, general: 4 },
  whole: { grade: 8, pair: 24, statement: 12, letter: 10, core: 18, clause: 8, comment: 12, remark: 8 },
  close: { grade: 6, pair: 22, statement: 16, letter: 10, core: 24, clause: 12, comment: 7, remark: 3 }
}

/**
 * Passages without end, one line each, fixed by `seed`. They come from the grammars of the data sets under streams of their own, and
 * none contains the whole text of a row of them.
 */
export function* passages(seed: number, mixture: Mixture = 'mixed'): Generator<string, never> {
  const random = new Random(seed, 'corpus')
  const rows = allSets().flatMap((set) => set.rows.map(({ text }) => text.replaceAll('\n', ' ').replace(/^\d+\. /, '')))
  const known = new Set(rows)
  for (;;) {
    const passage = kinds[weighted<Kind>(random, mixtures[mixture])](random).join(' ')
    // A row can only recur as a run of whole sentences.
    if (!runsOf(passage.split(/(?<=[.?!]) /)).some((run) => known.has(run))) yield passage
  }
}

/** Every run of neighbouring sentences, joined by a blank. */
function runsOf(lines: readonly string[]): string[] {
  return lines.flatMap((_, start) => lines.slice(start).map((_, length) => lines.slice(start, start + length + 1).join(' ')))
}

/** Writes passages until `bytes` bytes of UTF-8 are reached. Returns how many passages and bytes were written. */
export async function writeCorpus(
  path: string,
  seed: number,
  bytes: number,
  mixture: Mixture = 'mixed'
): Promise<{ passages: number; bytes: number }> {
  await mkdir(dirname(path), { recursive: true })
  const file = await open(path, 'w')
  let written = 0
  let count = 0
  try {
    let pending: string[] = []
    for (const passage of passages(seed, mixture)) {
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
