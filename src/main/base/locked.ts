import { InputError } from './errors.ts'

/** The refusal of everything else while Attune is locked, the same from every door. */
export const lockedError = (): InputError => new InputError('locked', 'Attune is locked. Unlock it to go on.')
