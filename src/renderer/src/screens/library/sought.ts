/** Whether every word that is looked for is in one of the texts. */
export function isSought(sought: string, texts: readonly string[]): boolean {
  const all = texts.join(' ').toLocaleLowerCase()
  return sought
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word))
}
