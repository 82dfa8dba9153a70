import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeJsonAtomic } from '../../base/files.ts'

export interface Bounds {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface WindowState {
  readonly bounds: Bounds
  readonly isMaximised: boolean
}

/** What fits the smallest screen that the application is drawn for (ux.md §2). */
export const SMALLEST = { width: 800, height: 560 } as const

const fileIn = (dataFolder: string): string => join(dataFolder, 'window.json')

/** Where the window was; null where that is not known, or lies on no screen that is there now. `screens`: the areas that windows may use. */
export async function readWindowState(dataFolder: string, screens: readonly Bounds[]): Promise<WindowState | null> {
  const text = await readFile(fileIn(dataFolder), 'utf8').catch(() => '')
  const state = parsed(text)
  return state && screens.some((screen) => isReachable(state.bounds, screen)) ? state : null
}

export async function writeWindowState(dataFolder: string, state: WindowState): Promise<void> {
  await writeJsonAtomic(fileIn(dataFolder), state)
}

function parsed(text: string): WindowState | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const { bounds, isMaximised } = (value ?? {}) as Partial<WindowState> // Every field is looked at below.
  const numbers = [bounds?.x, bounds?.y, bounds?.width, bounds?.height]
  if (!bounds || !numbers.every((each) => Number.isInteger(each))) return null
  const { x, y, width, height } = bounds
  const size = { width: Math.max(SMALLEST.width, width), height: Math.max(SMALLEST.height, height) }
  return { bounds: { x, y, ...size }, isMaximised: isMaximised === true }
}

/** Whether enough of its title bar can be seen to take hold of it. */
function isReachable({ x, y, width }: Bounds, screen: Bounds): boolean {
  const seen = Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x)
  return seen >= 100 && y >= screen.y && y <= screen.y + screen.height - 40
}
