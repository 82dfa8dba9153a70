import { eld } from 'eld/small'

/** The language of a text (ISO 639-1) by its letters, of 60 that eld knows; null where it is in doubt. */
export function languageOf(text: string): string | null {
  const result = eld.detect(text)
  return result.language !== '' && result.isReliable() ? result.language : null
}
