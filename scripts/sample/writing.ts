import type { Random } from '../../src/main/base/random.ts'
import { capitalise, chance, pick } from './grammar.ts'
import { neighbours } from './lexicon/clinic-style.ts'

/** One slip in a word of five letters or more: two letters swapped, one lost, one doubled, or a neighbouring key. */
function slip(random: Random, word: string): string {
  const at = 1 + random.below(word.length - 2)
  const letter = word.charAt(at)
  const kind = random.below(4)
  if (kind === 0) return word.slice(0, at) + word.charAt(at + 1) + letter + word.slice(at + 2)
  if (kind === 1) return word.slice(0, at) + word.slice(at + 1)
  if (kind === 2) return word.slice(0, at) + letter + word.slice(at)
  const near = neighbours.get(letter)
  return near === undefined ? word : word.slice(0, at) + pick(random, [...near]) + word.slice(at + 1)
}

/** Misspells each lower-case word of five letters or more with probability `rate`. */
export function withSlips(random: Random, text: string, rate: number): string {
  if (rate === 0) return text
  return text.replace(/\b[a-z]{5,}\b/g, (word) => (chance(random, rate) ? slip(random, word) : word))
}

/** Shortens each phrase that has a short form with probability `rate`. */
export function shortened(
  random: Random,
  text: string,
  rate: number,
  forms: readonly (readonly [RegExp, readonly string[]])[]
): string {
  if (rate === 0) return text
  let result = text
  for (const [long, shorts] of forms) {
    result = result.replace(long, (found) => {
      if (!chance(random, rate)) return found
      const short = found.replace(new RegExp(long.source, 'i'), pick(random, shorts))
      return /^[A-Z]/.test(found) ? capitalise(short) : short
    })
  }
  return result
}

export function countWords(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length
}
