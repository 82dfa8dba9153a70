import { randomBytes } from 'node:crypto'
import { readDate, shifted, type DateOrder } from '../dates.ts'
import { femaleNames, isGivenName, maleNames } from '../given-names.ts'
import { isPersonalKind, type PersonalKind } from '../kinds.ts'
import { contactSurrogates } from './contacts.ts'
import { drawFor, pick } from './draw.ts'
import { identifierSurrogates } from './identifiers.ts'
import { surrogateFemale, surrogateMale, surrogateSurnames } from './lists.ts'

/** What stood for what. */
export interface Replaced {
  readonly kind: string
  /** What makes two writings the same value; of dates also the group. */
  readonly key: string
  readonly value: string
  readonly surrogate: string
}

/** Of whom a passage speaks, where that is known: dates of one group are shifted alike. */
export interface Context {
  readonly group: string
  readonly order: DateOrder
}

/** How often a surrogate that is taken already is drawn anew before it gets a number. */
const ATTEMPTS = 8

/** The surrogates of one job: the same value always gets the same one, and no two values share one. */
export class Pseudonyms {
  readonly #secret: Uint8Array
  readonly #given = new Map<string, Replaced>()
  readonly #taken = new Map<string, string>()
  /** How often each surrogate was given a number. */
  readonly #numbers = new Map<string, number>()

  /** `secret`: what determines every surrogate; drawn anew for each job where left out. `known`: what an earlier job put in place of what. */
  constructor(secret: Uint8Array = randomBytes(32), known: readonly Replaced[] = []) {
    this.#secret = secret
    for (const each of known) {
      this.#given.set(`${each.kind}\0${each.key}`, each)
      if (each.kind !== 'DATE' && !MANY_TO_ONE.has(each.kind)) this.#take(each.kind, each.key, each.surrogate)
    }
  }

  /** What determines every surrogate. Whoever has it can work out what stands for a value. */
  get secret(): Uint8Array {
    return this.#secret
  }

  /** Everything that was replaced so far. */
  get mapping(): readonly Replaced[] {
    return [...this.#given.values()]
  }

  surrogateFor(label: string, written: string, context: Context): string {
    if (label === 'NAME') return written.replace(NAME_WORDS, (word) => this.#nameWord(word, written))
    if (label === 'DATE') return this.#date(written, context)
    const make = isPersonalKind(label) ? (identifierSurrogates[label] ?? contactSurrogates[label]) : undefined
    // A kind that only a model knows has no list of ours: each value gets a number.
    if (!make) return `[${label} ${this.#remember(label, written, (attempt) => String(1 + this.#taken.size + attempt))}]`
    const plain = MANY_TO_ONE.has(label) ? '' : plainOf(label, written)
    return this.#remember(label, plain, (attempt) => make(written, drawFor(this.#secret, label, plain, attempt)), written)
  }

  /** Days by which the dates of a group are shifted: whole weeks, so that weekdays stay; never none. */
  daysOf(group: string): number {
    const draw = drawFor(this.#secret, 'days', group)
    const weeks = 5 + draw.next(48)
    return 7 * (draw.next(2) === 0 ? weeks : -weeks)
  }

  #date(written: string, { group, order }: Context): string {
    const date = readDate(written, order)
    // What a model took for a date and cannot be read as one cannot be shifted either.
    if (!date) return '[DATE]'
    const surrogate = shifted(date, this.daysOf(group))
    const key = `${group}\0${written}`
    this.#given.set(`DATE\0${key}`, { kind: 'DATE', key, value: written, surrogate })
    return surrogate
  }

  #nameWord(word: string, name: string): string {
    if (TITLES.has(word)) return word
    const plain = word.toLocaleLowerCase()
    if (word.length === 1) return pick(drawFor(this.#secret, 'initial', plain), INITIALS)
    const isGiven = isGivenName(plain) || (GIVEN_FIRST.test(name) && name.startsWith(word))
    const role = isGiven ? 'given name' : 'surname'
    const list = !isGiven
      ? surrogateSurnames
      : femaleNames.has(plain)
        ? surrogateFemale
        : maleNames.has(plain)
          ? surrogateMale
          : EITHER
    const surrogate = this.#remember(role, plain, (attempt) => pick(drawFor(this.#secret, role, plain, attempt), list), word)
    return word === word.toUpperCase() && word.length > 2 ? surrogate.toUpperCase() : surrogate
  }

  #remember(kind: string, key: string, make: (attempt: number) => string, value = key): string {
    const known = this.#given.get(`${kind}\0${key}`)
    if (known) return known.surrogate
    const surrogate = MANY_TO_ONE.has(kind) ? make(0) : this.#free(kind, key, make)
    this.#given.set(`${kind}\0${key}`, { kind, key, value, surrogate })
    return surrogate
  }

  #free(kind: string, key: string, make: (attempt: number) => string): string {
    let surrogate = ''
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      surrogate = make(attempt)
      if (!this.#taken.has(`${kind}\0${surrogate}`) && surrogate.toLowerCase() !== key) return this.#take(kind, key, surrogate)
    }
    let number = (this.#numbers.get(surrogate) ?? 1) + 1
    while (this.#taken.has(`${kind}\0${surrogate}-${number}`)) number++
    this.#numbers.set(surrogate, number)
    return this.#take(kind, key, `${surrogate}-${number}`)
  }

  #take(kind: string, key: string, surrogate: string): string {
    this.#taken.set(`${kind}\0${surrogate}`, key)
    return surrogate
  }
}

const NAME_WORDS = /\p{L}[\p{L}'’]*/gu
const GIVEN_FIRST = /^\p{Lu}[\p{L}-]+ \p{Lu}/u
const INITIALS = [...'ABCDEFGHIJKLMNOPRSTUVWZ']
const EITHER = [...surrogateFemale, ...surrogateMale]
const MANY_TO_ONE: ReadonlySet<string> = new Set<PersonalKind>(['AGE'])
const TITLES = new Set(
  'Dr Prof Mr Mrs Ms Miss Mx Sir Dame Lady Lord Herr Herrn Frau von vom zu zur zum van de der den del di du la le el al bin ibn ten ter af av dos da med Dipl Ing geb'.split(
    ' '
  )
)

/** What makes two writings the same value: `+49 30 123` and `+4930123`. */
function plainOf(label: string, written: string): string {
  if (label === 'PHONE') return written.replace(/\D/g, '').replace(/^00/, '').replace(/^0/, '')
  if (label === 'ADDRESS' || label === 'URL') return written.toLocaleLowerCase().replace(/\s+/g, ' ')
  return written.toLocaleLowerCase().replace(/[\s./-]/g, '')
}
