import { drawnMasks } from '../../test/helpers/drawn-masks.ts'
import { openNamed } from './device.ts'

// Dropout masks that a device draws, against plain arithmetic on the same numbers.
const runtime = await openNamed({ isStrict: process.env['ATTUNE_GPU_STRICT'] === '1' })
const masks = await drawnMasks(runtime, 1)
const wrong = masks.filter(({ drawn, expected }) => Buffer.compare(drawn, expected) !== 0)
const dropped = masks.map(({ drawn }) => (drawn.filter((kept) => kept === 0).length / drawn.length).toFixed(4))
console.log(
  `masks drawn on ${runtime.provider}: ${masks.length - wrong.length} of ${masks.length} as computed here; dropped ${dropped.join(' ')}`
)
await runtime.dispose()
process.exitCode = wrong.length === 0 ? 0 : 1
