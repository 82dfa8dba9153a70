import type { LicenceClass } from './classes.ts'
import type { Licence } from './read-licence.ts'

/** What a project's models are for. `commercial`: sold or given to others; `inside`: used within the organisation. */
export const purposes = ['unsaid', 'research', 'inside', 'commercial'] as const
export type Purpose = (typeof purposes)[number]

export const isPurpose = (value: unknown): value is Purpose => (purposes as readonly unknown[]).includes(value)

/** Classes of licences that speak against a purpose. */
const against: Readonly<Record<Purpose, readonly LicenceClass[]>> = {
  unsaid: [],
  research: [],
  inside: ['research-only'],
  commercial: ['non-commercial', 'research-only', 'no-derivatives']
}

const meant: Readonly<Record<Purpose, string>> = {
  unsaid: '',
  research: 'for research or teaching',
  inside: 'to be used inside the organisation',
  commercial: 'to be sold or given to others'
}

/** Whether any licence could speak against a purpose. */
export const isBound = (purpose: Purpose): boolean => against[purpose].length > 0

/** Something that a model is made from, under a licence of its own. */
export interface Licensed {
  readonly name: string
  readonly licence: Licence
}

/** Says where the licences of what a model is made from speak against what it is meant for; null where none does. */
export function purposeConflict(parts: readonly Licensed[], purpose: Purpose): string | null {
  const found = parts.filter(({ licence }) => against[purpose].includes(licence.class))
  if (found.length === 0) return null
  const named = found.map(({ name, licence }) => {
    const id = licence.name === null ? '' : ` (${licence.name})`
    return `Licence of ${name}${id}: ${licence.summary}`
  })
  return `The result is meant ${meant[purpose]}, and a licence speaks against that. ${named.join(' ')}`
}
