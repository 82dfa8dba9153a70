export type Theme = 'system' | 'light' | 'dark'
export type Contrast = 'system' | 'normal' | 'more'
export type TextSize = 'normal' | 'large' | 'larger'

interface Stored {
  readonly theme: Theme
  readonly contrast: Contrast
  readonly size: TextSize
  readonly language: string
  /** Who labels in this window; '' where nobody gave a name. */
  readonly annotator: string
}

const KEY = 'attune.preferences'
const STANDARD: Stored = { theme: 'system', contrast: 'system', size: 'normal', language: 'en', annotator: '' }

/** How the page looks. Kept by the browser profile of the application, with the name of who labels; holds nothing of the person's work. */
export class Preferences {
  #stored = $state.raw<Stored>(read())
  #system = $state.raw(systemLook())

  get theme(): Theme {
    return this.#stored.theme
  }

  get contrast(): Contrast {
    return this.#stored.contrast
  }

  get size(): TextSize {
    return this.#stored.size
  }

  get language(): string {
    return this.#stored.language
  }

  get annotator(): string {
    return this.#stored.annotator
  }

  /** Changes whenever colours on a canvas have to be read anew. */
  readonly look = $derived(`${this.#stored.theme} ${this.#stored.contrast} ${this.#stored.size} ${this.#system}`)

  change(next: Partial<Stored>): void {
    this.#stored = { ...this.#stored, ...next }
    localStorage.setItem(KEY, JSON.stringify(this.#stored))
    this.apply()
  }

  apply(): void {
    const { theme, contrast, size } = this.#stored
    const root = document.documentElement
    const more = contrast === 'more' || (contrast === 'system' && matchMedia('(prefers-contrast: more)').matches)
    root.dataset['theme'] = theme
    root.dataset['contrast'] = more ? 'more' : 'normal'
    root.dataset['size'] = size
  }

  /** Follows the system's own switches. Returns the function that stops it. */
  follow(): () => void {
    const queries = QUERIES.map((query) => matchMedia(query))
    const changed = (): void => {
      this.#system = systemLook()
      this.apply()
    }
    for (const query of queries) query.addEventListener('change', changed)
    return () => queries.forEach((query) => query.removeEventListener('change', changed))
  }
}

const QUERIES = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)']

const systemLook = (): string => QUERIES.map((query) => String(matchMedia(query).matches)).join(' ')

function read(): Stored {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    return typeof found === 'object' ? { ...STANDARD, ...found } : STANDARD
  } catch {
    return STANDARD
  }
}
