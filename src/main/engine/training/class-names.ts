/** The names of config.json's `id2label`, in order; null where it is absent or holds transformers' stand-ins. */
export function namesOfMap(map: unknown): readonly string[] | null {
  if (typeof map !== 'object' || map === null) return null
  const names = Object.entries(map)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, name]) => String(name))
  return names.length === 0 || names.every((name, i) => name === `LABEL_${i}`) ? null : names
}
