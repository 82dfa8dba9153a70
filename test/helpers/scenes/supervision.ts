import type { Scene } from '../scenes.ts'

const still = { filled: true, beat: 0 }

/** What becomes of runs that stand still. */
export const SUPERVISION_SCENES: readonly Scene[] = [
  { name: 'home-restarted', hash: '#/', options: { ...still, cutShort: 'pc-restarted' } },
  { name: 'run-restarted', hash: '#/runs/r5', options: { ...still, cutShort: 'pc-restarted' } },
  { name: 'run-battery', hash: '#/runs/r5', options: { ...still, cutShort: 'battery' } },
  { name: 'runs-waiting', hash: '#/runs', options: { ...still, queued: true } }
]
