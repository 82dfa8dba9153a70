import { openNamed } from './device.ts'

// Opens a device, which computes two known answers there, and says what it is: the first thing to try on a machine.
const started = performance.now()
const runtime = await openNamed()
console.log(
  `${runtime.provider}, ONNX Runtime ${runtime.version}: known answers right after ${(performance.now() - started).toFixed(0)} ms`
)
const size = 50_000_000
const state = runtime.allocate('float32', [size])
await state.write(Float32Array.of(1, 2, 3), size - 3)
const written = performance.now()
const back = await state.read(size - 4, 4)
console.log(
  `the end of ${(size * 4) / 1e6} MB of state: ${Array.from(back, Number).join(' ')} (${(performance.now() - written).toFixed(1)} ms)`
)
await runtime.dispose()
