import type { Feasibility } from '../../preload/contract/library.ts'

/** Up to this share of what is free a run leaves room for the other programs of a PC. */
const comfortableShare = 0.5

/** Whether a model can be trained in `free` bytes of memory, of which a usual run takes `usual` and the smallest `least`. */
export function verdictOf({ usual, least, free }: Pick<Feasibility, 'usual' | 'least' | 'free'>): Feasibility['verdict'] {
  if (least > free) return 'impossible'
  return usual <= comfortableShare * free ? 'comfortable' : 'tight'
}
