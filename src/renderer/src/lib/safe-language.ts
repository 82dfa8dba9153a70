/**
 * Makes sure that the browser's language is one that numbers can be written in. A system without a locale gives `en-US@posix`, which
 * `Intl` refuses; uPlot makes a number format of it while it is loaded, so this module stands before everything that loads uPlot.
 */
function isKnown(language: string): boolean {
  try {
    return new Intl.NumberFormat(language).resolvedOptions().locale !== ''
  } catch {
    return false
  }
}

if (!isKnown(navigator.language)) Object.defineProperty(navigator, 'language', { value: 'en-GB', configurable: true })

export {}
