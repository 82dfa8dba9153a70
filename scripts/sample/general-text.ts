import type { Random } from '../../src/main/base/random.ts'
import { between, capitalise, chance, pick, sample, sentence, type Words } from './grammar.ts'
import * as lexicon from './lexicon/general.ts'
import { jobs, numberWords } from './lexicon/people.ts'
import { drawPerson, personWords } from './people.ts'

function pair<T>(random: Random, items: readonly T[]): [T, T] {
  const first = pick(random, items)
  for (;;) {
    const second = pick(random, items)
    if (second !== first) return [first, second]
  }
}

function generalWords(random: Random): Words {
  const person = drawPerson(random)
  const [[thing, use], [thing2, use2]] = pair(random, lexicon.things)
  const [quality, more, less] = pick(random, lexicon.qualities)
  const [[happened, didnot], [happened2]] = pair(random, lexicon.happenings)
  const [sold, sold2] = pair(random, lexicon.goodsSold)
  const [field, field2] = pair(random, lexicon.fields)
  const [job, job2] = pair(random, jobs)
  const other = drawPerson(random)
  const date = () => `${between(random, 1, 28)} {month}`
  return {
    ...personWords(random, person),
    ...{
      thing,
      use,
      thing2,
      use2,
      quality,
      more,
      less,
      happened,
      didnot,
      happened2,
      sold,
      sold2,
      field,
      field2,
      job,
      job2,
      date
    },
    name: person.first,
    name2: `${other.first} ${other.last}`,
    date2: date,
    errand: lexicon.errands,
    obstacle: lexicon.obstacles,
    hour: numberWords,
    count: () => String(between(random, 3, 900)),
    count2: () => String(between(random, 3, 900)),
    later: ['today', 'by now', 'at present'],
    money: () => `[EUR|GBP|USD] ${between(random, 2, 950)}`
  }
}

function procedure(random: Random): string[] {
  const [task, steps] = pick(random, lexicon.tasks)
  const from = random.below(Math.max(1, steps.length - 3))
  const chosen = steps.slice(from, from + between(random, 3, steps.length - from))
  const [first = '', second = ''] = chosen
  const last = chosen.at(-1) ?? ''
  const form = random.below(4)
  if (form === 0)
    return [sentence(random, `to ${task}, [first |]${chosen.slice(0, -1).join(', [then |]')}, and [finally |]${last}`, {})]
  if (form === 1) return [sentence(random, `how to ${task}`, {}), ...chosen.map((step, i) => `${i + 1}. ${capitalise(step)}.`)]
  if (form === 2)
    return [
      sentence(random, `before you ${second}, ${first}; only then ${last}`, {}),
      sentence(random, `do not ${last} before you ${first} [when you|in order to] ${task}`, {})
    ]
  return [
    sentence(
      random,
      `{name} wanted to ${task} but forgot to ${first}[, so it did not work|, and had to start again|]`,
      generalWords(random)
    )
  ]
}

/** One to four sentences of everyday text on one scene: definitions, errands, contrasts, a procedure, or part of a business letter. */
export function generalPassage(random: Random): string[] {
  const roll = random.uniform()
  if (roll < 0.15) return procedure(random)
  const words = generalWords(random)
  const templates = roll < 0.35 ? lexicon.correspondence : lexicon.frames
  const count = chance(random, 0.3) ? 1 : between(random, 2, 4)
  return sample(random, templates, count).map((template) => sentence(random, template, words))
}
