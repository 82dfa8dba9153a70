import { assert } from '../../src/main/base/assert.ts'
import type { Random } from '../../src/main/base/random.ts'

/** What a template may name: a template, a list of templates to choose from, or a function that draws a text. */
export type Word = string | readonly string[] | (() => string)
export type Words = Readonly<Record<string, Word>>

export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[random.below(items.length)]
  assert(item !== undefined, 'pick() needs a list with at least one item')
  return item
}

export function chance(random: Random, probability: number): boolean {
  return random.uniform() < probability
}

/** A whole number from `low` to `high`, both included. */
export function between(random: Random, low: number, high: number): number {
  return low + random.below(high - low + 1)
}

/** One of the keys of `weights`, drawn in proportion to its weight. */
export function weighted<K extends string>(random: Random, weights: Readonly<Partial<Record<K, number>>>): K {
  // Object.keys loses the key type; the record's own keys are among K.
  const keys = Object.keys(weights) as K[]
  let left = random.uniform() * keys.reduce((sum, key) => sum + (weights[key] ?? 0), 0)
  for (const key of keys) {
    left -= weights[key] ?? 0
    if (left < 0) return key
  }
  return pick(random, keys)
}

/** `count` different items, in random order. */
export function sample<T>(random: Random, items: readonly T[], count: number): T[] {
  return random.shuffle([...items]).slice(0, count)
}

export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** The end of the bracket that opens at `start`, and the places of the bars that split it at its own level. */
function bracketAt(template: string, start: number): { end: number; bars: number[] } {
  const bars: number[] = []
  let depth = 0
  for (let i = start; i < template.length; i++) {
    const letter = template[i]
    if (letter === '[') depth++
    else if (letter === '|' && depth === 1) bars.push(i)
    else if (letter === ']' && --depth === 0) return { end: i, bars }
  }
  throw new Error(`The template has an unclosed bracket: ${template}`)
}

function look(random: Random, key: string, words: Words): string {
  const word = words[key]
  if (word === undefined) {
    const small = key.charAt(0).toLowerCase() + key.slice(1)
    assert(small !== key && words[small] !== undefined, `A template names {${key}}, which no lexicon defines`)
    return capitalise(look(random, small, words))
  }
  if (typeof word === 'function') return expand(random, word(), words)
  return expand(random, typeof word === 'string' ? word : pick(random, word), words)
}

/** Replaces `{name}` by the word of that name (`{Name}` capitalises it) and `[a|b|]` by one of the alternatives, recursively. */
export function expand(random: Random, template: string, words: Words): string {
  let text = ''
  for (let i = 0; i < template.length; i++) {
    const letter = template.charAt(i)
    if (letter === '{') {
      const end = template.indexOf('}', i)
      assert(end > i, `The template has an unclosed brace: ${template}`)
      text += look(random, template.slice(i + 1, end), words)
      i = end
    } else if (letter === '[') {
      const { end, bars } = bracketAt(template, i)
      const edges = [i, ...bars, end]
      const choice = random.below(edges.length - 1)
      text += expand(random, template.slice((edges[choice] ?? 0) + 1, edges[choice + 1]), words)
      i = end
    } else text += letter
  }
  return text
}

/** Mends what templates leave behind: doubled blanks, blanks before punctuation, `a` before a vowel, doubled stops. */
export function tidy(text: string): string {
  return text
    .replace(/[ \t]+/g, ' ')
    .replace(/ +([,.;:?!])/g, '$1')
    .replace(/,([.;:])/g, '$1')
    .replace(/([.?!])\.(?!\.)/g, '$1')
    .replace(/\b([Aa]) (?=[aeioAEIO]|un[^i]|ul|um|up|ur[^io]|8|11\b|18\b)(?!one\b|once\b|eu)/g, '$1n ')
    .trim()
}

/** One finished sentence: expanded, tidied, with a capital at its start and a stop at its end. */
export function sentence(random: Random, template: string, words: Words): string {
  const text = tidy(expand(random, template, words))
  return capitalise(/[.?!]$/.test(text) ? text : `${text}.`)
}
