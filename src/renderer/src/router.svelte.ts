/** Where the person is: the parts of the address after `#/`, decoded. */
export interface Place {
  readonly screen: Screen
  /** What follows the screen's name: an id, a tab. */
  readonly rest: readonly string[]
}

const SCREENS = ['home', 'projects', 'data', 'train', 'runs', 'use', 'library', 'settings'] as const
export type Screen = (typeof SCREENS)[number]

/** Reads `#/runs/3f2/errors`; whatever names no screen is Home. */
export function placeOf(hash: string): Place {
  const [first = '', ...rest] = hash
    .replace(/^#?\/?/, '')
    .split('/')
    .filter((part) => part !== '')
    .map(decoded)
  const screen = SCREENS.find((name) => name === first)
  return screen === undefined ? { screen: 'home', rest: [] } : { screen, rest }
}

export const hrefTo = (screen: Screen, ...rest: readonly string[]): string =>
  screen === 'home' ? '#/' : `#/${[screen, ...rest].map(encodeURIComponent).join('/')}`

/** The address one level up: a tab's run, a run's list, a screen's Home. */
export function parentOf({ screen, rest }: Place): string {
  if (screen === 'train') return hrefTo('data', ...rest.slice(0, 1))
  return rest.length === 0 ? hrefTo('home') : hrefTo(screen, ...rest.slice(0, -1))
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export class Router {
  #place = $state.raw<Place>(placeOf(location.hash))

  get place(): Place {
    return this.#place
  }

  readonly go = (href: string): void => {
    location.hash = href
  }

  /** Changes the address without a step in the history, as a run does when its result arrives. */
  replace(href: string): void {
    history.replaceState(null, '', href)
    this.#place = placeOf(href)
  }

  up(): void {
    this.go(parentOf(this.#place))
  }

  /** Follows the address bar. Returns the function that stops it. */
  follow(): () => void {
    const read = (): void => {
      this.#place = placeOf(location.hash)
    }
    addEventListener('hashchange', read)
    return () => removeEventListener('hashchange', read)
  }
}
