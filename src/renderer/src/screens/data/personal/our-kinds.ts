import { words } from '../../../lib/words/index.ts'

/** Whether a kind says something of a person. A model may mark others too, such as drugs and doses: those stay where nobody decides otherwise. */
export const isOursToHide = (kind: string): boolean => Object.hasOwn(words.personal.kinds, kind)

export const kindTitle = (kind: string): string => words.personal.kinds[kind] ?? kind
