import { harmless } from '../base/wording.ts'

/** HTML that is safe to put into a page as it is: only `html` makes it. */
export interface Markup {
  readonly markup: string
}

type Part = string | number | Markup | readonly Markup[]

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** `text` for an element's content or a quoted attribute. */
export function escapeHtml(text: string): string {
  return harmless(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}

function rendered(part: Part): string {
  if (typeof part === 'string') return escapeHtml(part)
  if (typeof part === 'number') return String(Math.round(part * 1000) / 1000)
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('')
}

/** A template whose values are escaped unless they are markup themselves. Attributes must be quoted. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.map((text, i) => `${text}${i < parts.length ? rendered(parts[i] ?? '') : ''}`).join('') }
}

export const nothing: Markup = { markup: '' }
