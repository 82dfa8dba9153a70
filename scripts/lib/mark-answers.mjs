import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from './node24.mjs'

/**
 * Writes what a run that marks passages says to texts: of each that fits one window, the places of the tokens that are asked, their logits and tags, and
 * the passages in code points. For comparison with other programs, which answer tokens.
 */
export async function writeMarkAnswers(runFolder, texts, cacheFolder, file) {
  const from = (path) => import(join(root, 'src/main', path))
  const { openRuntime } = await from('engine/runtime/index.ts')
  const { readPath, readTags } = await from('engine/training/read-tags.ts')
  const { codePointOffsets } = await from('data/spans/span.ts')
  const { tagReading } = await from('worker/mark-reading.ts')
  const { markingOf } = await from('worker/prepare-marks.ts')
  const { TrainedModel } = await from('worker/trained-run.ts')
  const { signal } = new globalThis.AbortController()
  const runtime = await openRuntime({ threads: 1 })
  const model = await TrainedModel.open(runtime, runFolder, cacheFolder, { takesPassages: true })
  try {
    const { logits, examples } = await model.logits(texts, null, signal, () => undefined)
    const reading = tagReading(markingOf(model.config, model.facts.classNames), model.facts)
    const { tagged, rowOf } = examples
    const { names, size } = reading.tags
    const path = readPath(tagged, logits, reading)
    const found = readTags(tagged, logits, reading)
    const answers = texts.flatMap((text, row) => {
      const own = [...rowOf.keys()].filter((sequence) => rowOf[sequence] === row)
      if (own.length !== 1) return []
      const units = [...tagged.units[own[0]]]
      const points = codePointOffsets(text)
      return {
        text,
        places: [...tagged.places[own[0]]],
        logits: units.map((unit) => [...logits.subarray(unit * size, (unit + 1) * size)]),
        tags: units.map((unit) => names[path[unit]]),
        passages: found[row].map(({ start, end, label }) => [points[start], points[end], label])
      }
    })
    await writeFile(file, JSON.stringify(answers))
  } finally {
    await model.dispose()
    await runtime.dispose()
  }
}
