import { runInNewContext } from 'node:vm'
import { InputError } from '../../base/errors.ts'

/** Longest time that somebody else's regular expressions may take, in milliseconds: real ones take less than one. */
const TIME_LIMIT = 500

/** `fullmatch`: the whole path. `ending`: the whole path, or what follows one of its dots, as PEFT reads rank_pattern. */
type Extent = 'fullmatch' | 'ending'

/**
 * Which paths each regular expression of PEFT (Python's) fits: a list of indices for each, null for one that cannot be read here. Such expressions
 * come from other people's files, and a bad one backtracks for ever: they run for a bounded time.
 * @throws InputError where they take longer
 */
export function matchForeign(
  patterns: readonly string[],
  paths: readonly string[],
  extent: Extent,
  key: string
): readonly (readonly number[] | null)[] {
  const sources = patterns.map((pattern) =>
    extent === 'fullmatch' ? `^(?:${translated(pattern)})$` : `^(?:.*\\.)?(?:${translated(pattern)})$`
  )
  try {
    // Only a text goes in, and what comes out is read as text.
    const json: unknown = runInNewContext(search, { given: JSON.stringify({ sources, paths }) }, { timeout: TIME_LIMIT })
    return JSON.parse(String(json)) as (number[] | null)[] // Made by `search`.
  } catch (error) {
    const sentence = `adapter_config.json: ${key} holds a regular expression that takes too long. Put the names of the layers in its place.`
    throw new InputError('adapter-config', sentence, { file: 'adapter_config.json', key }, { cause: error })
  }
}

const search = `
  const { sources, paths } = JSON.parse(given)
  JSON.stringify(sources.map((source) => {
    try {
      const expression = new RegExp(source)
      return paths.flatMap((path, i) => (expression.test(path) ? [i] : []))
    } catch {
      return null
    }
  }))`

/** What Python spells otherwise than JavaScript. */
const translated = (pattern: string): string =>
  pattern
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll('\\A', '^')
    .replaceAll('\\Z', '$')

/** A name without anything that a regular expression would read in another way than a text, but for the dots of a path. */
export const isPlainName = (pattern: string): boolean => /^[\w.-]+$/.test(pattern)
