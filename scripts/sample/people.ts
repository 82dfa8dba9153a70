import type { Random } from '../../src/main/base/random.ts'
import { between, pick, type Words } from './grammar.ts'
import * as lexicon from './lexicon/people.ts'

export interface Person {
  readonly sex: 'female' | 'male'
  readonly first: string
  readonly last: string
  readonly age: number
  readonly job: string
  readonly place: string
}

export function drawPerson(random: Random, sex: Person['sex'] = random.below(2) === 0 ? 'female' : 'male'): Person {
  return {
    sex,
    first: pick(random, sex === 'female' ? lexicon.womenNames : lexicon.menNames),
    last: pick(random, lexicon.surnames),
    age: between(random, 17, 91),
    job: pick(random, lexicon.jobs),
    place: pick(random, lexicon.places)
  }
}

/** Pronouns, title and names of a person, and the words of time and number that any text may use. */
export function personWords(random: Random, person: Person): Words {
  const female = person.sex === 'female'
  return {
    ...commonWords(random),
    he: female ? 'she' : 'he',
    him: female ? 'her' : 'him',
    his: female ? 'her' : 'his',
    himself: female ? 'herself' : 'himself',
    name: [female ? `[Mrs|Ms] ${person.last}` : `Mr ${person.last}`, `${person.first} ${person.last}`],
    age: String(person.age),
    job: lexicon.jobs.includes(person.job) ? person.job : lexicon.jobs,
    place: lexicon.places
  }
}

export function commonWords(random: Random): Words {
  const number = (low: number, high: number) => () => String(between(random, low, high))
  return {
    surname: lexicon.surnames,
    place: lexicon.places,
    job: lexicon.jobs,
    month: lexicon.months,
    weekday: lexicon.weekdays,
    year: number(1998, 2023),
    digit: number(1, 9),
    dose: ['2.5 mg', '5 mg', '10 mg', '20 mg', '25 mg', '50 mg', '100 mg'],
    n6: number(4, 9),
    n8: number(3, 15),
    n14: number(10, 19),
    n20: number(14, 29),
    n34: number(28, 39),
    n52: number(44, 64),
    n58: number(48, 66),
    n70: number(58, 84),
    n75: ['25', '50', '75', '100', '125'],
    n84: number(78, 88),
    n85: number(72, 92),
    n90: number(70, 118),
    n98: number(96, 99),
    n128: number(112, 138),
    n130: number(118, 146),
    n138: number(128, 149),
    n300: number(180, 460),
    n500: number(380, 690)
  }
}
