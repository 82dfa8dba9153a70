import type { Scene } from '../scenes.ts'

const still = { filled: true, beat: 0, marked: true } as const

/** Data and runs that find marked passages. */
export const MARKING_SCENES: readonly Scene[] = [
  { name: 'data-marked', hash: '#/data/marked', options: still },
  { name: 'train-marked', hash: '#/train/marked', options: still },
  { name: 'run-live-marked', hash: '#/runs/m1', options: still }
]
