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
  /** Electron's zoom level: each step is a fifth larger or smaller; 0 is the actual size. */
  readonly zoom: number
}

/** What fits the smallest screen that the application is drawn for (ux.md §2). */
export const SMALLEST = { width: 800, height: 560 } as const

const fileIn = (dataFolder: string): string => join(dataFolder, 'window.json')

/** Half and three times the actual size, as far as Electron zooms. */
const ZOOMS = { least: -3.8, most: 6 } as const

/** How a window can be again: `bounds` is null where no screen that is there now would show its title bar. */
export interface RestoredState extends Omit<WindowState, 'bounds'> {
  readonly bounds: Bounds | null
}

/** How the window was, no larger than the screen that shows most of it; null where that is not known. `screens`: the areas that windows may use. */
export async function readWindowState(dataFolder: string, screens: readonly Bounds[]): Promise<RestoredState | null> {
  const text = await readFile(fileIn(dataFolder), 'utf8').catch(() => '')
  const state = parsed(text)
  return state && { ...state, bounds: fitted(state.bounds, screens) }
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
  const { bounds, isMaximised, zoom } = (value ?? {}) as Partial<WindowState> // Every field is looked at below.
  const numbers = [bounds?.x, bounds?.y, bounds?.width, bounds?.height]
  if (!bounds || !numbers.every((each) => Number.isInteger(each))) return null
  const level = typeof zoom === 'number' && Number.isFinite(zoom) ? Math.min(ZOOMS.most, Math.max(ZOOMS.least, zoom)) : 0
  return { bounds, isMaximised: isMaximised === true, zoom: level }
}

function fitted(bounds: Bounds, screens: readonly Bounds[]): Bounds | null {
  const [screen] = screens.filter((each) => isReachable(bounds, each)).toSorted((a, b) => shared(bounds, b) - shared(bounds, a))
  if (!screen) return null
  const width = Math.max(SMALLEST.width, Math.min(bounds.width, screen.width))
  const height = Math.max(SMALLEST.height, Math.min(bounds.height, screen.height))
  return { x: bounds.x, y: bounds.y, width, height }
}

/** How much of the window a screen shows, in square pixels. */
function shared(a: Bounds, b: Bounds): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.max(0, width) * Math.max(0, height)
}

/** Whether enough of its title bar can be seen to take hold of it. */
function isReachable({ x, y, width }: Bounds, screen: Bounds): boolean {
  const seen = Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x)
  return seen >= 100 && y >= screen.y && y <= screen.y + screen.height - 40
}
