import { definePersonalRule, type Found } from '../define-rule.ts'

const ADDRESS = /(?<![\p{L}\p{N}])(?:(?:https?|ftp):\/\/|www\.)[^\s<>"'“”„`{}|\\^]{3,2000}/giu

/** What ends a sentence rather than an address. */
const TAIL = /[.,;:!?)\]]+$/

export const urlRule = definePersonalRule({
  id: 'url',
  kind: 'URL',
  title: 'Web addresses',
  needs: /:\/\/|www\./i,
  *find(text): Generator<Found, void, undefined> {
    for (const match of text.matchAll(ADDRESS)) {
      const address = match[0].includes('(') ? match[0].replace(/[.,;:!?]+$/, '') : match[0].replace(TAIL, '')
      if (/[\p{L}\p{N}]\.\p{L}|:\/\/[\p{L}\p{N}[]/u.test(address))
        yield { start: match.index, end: match.index + address.length, certainty: 3 }
    }
  }
})
