import { InputError } from '../../base/errors.ts'
import { shown } from '../../base/wording.ts'
import { isPersonalKind, personalKinds } from './kinds.ts'

/** What is done with a passage: nothing; `[NAME]` in its place; another value in its place; nothing in its place. */
export const personalActions = ['leave', 'mask', 'pseudonymise', 'remove'] as const
export type PersonalAction = (typeof personalActions)[number]

/** By kind; `other` is done with kinds that are not named. */
export interface Actions {
  readonly byKind: Readonly<Record<string, PersonalAction>>
  readonly other: PersonalAction
}

export const MASK_ALL: Actions = { byKind: {}, other: 'mask' }

export const actionFor = ({ byKind, other }: Actions, label: string): PersonalAction =>
  Object.hasOwn(byKind, label) ? (byKind[label] ?? other) : other

export const isAction = (name: string): name is PersonalAction => (personalActions as readonly string[]).includes(name)

/** Kinds named in a list with commas between them; a model has kinds of its own. @throws InputError for one that there is not */
export function kindsNamed(list: string, withModel: boolean): readonly string[] {
  return list
    .split(',')
    .map((name) => name.trim().toUpperCase().replaceAll('-', '_'))
    .filter((name) => name !== '')
    .map((name) => {
      if (isPersonalKind(name) || withModel) return name
      throw new InputError('usage', `There is no kind ${shown(name)}. The kinds are ${personalKinds.join(', ')}.`)
    })
}
