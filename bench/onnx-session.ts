import { createInterface } from 'node:readline'
import { InferenceSession, Tensor } from 'onnxruntime-node'

/** Our side of bench/onnx.ts: an exported file in plain onnxruntime-node, as anybody would load it. Commands come on stdin, one JSON a line. */
interface Command {
  readonly run: number
  readonly ids: readonly (readonly number[])[]
}

const [, , file = '', threads = '2'] = process.argv
const session = await InferenceSession.create(file, { intraOpNumThreads: Number(threads) })
const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`)
say({ ready: true, pid: process.pid, flop: 0, about: `onnxruntime-node, ${threads} threads` })
for await (const line of createInterface({ input: process.stdin })) {
  const { run, ids } = JSON.parse(line) as Command // As bench/onnx.ts wrote it.
  const shape = [ids.length, ids[0]?.length ?? 0]
  const whole = (value: (id: number) => bigint): Tensor => new Tensor('int64', BigInt64Array.from(ids.flat(), value), shape)
  const feeds = { input_ids: whole(BigInt), attention_mask: whole(() => 1n), token_type_ids: whole(() => 0n) }
  const milliseconds: number[] = []
  const before = process.cpuUsage()
  let logits: number[] = []
  for (let i = 0; i < run; i++) {
    const start = performance.now()
    const result = await session.run(feeds)
    milliseconds.push(performance.now() - start)
    logits = [...(result['logits']?.data as Float32Array)] // The output is float32.
  }
  const { user, system } = process.cpuUsage(before)
  say({ milliseconds, cpuSeconds: (user + system) / 1e6, logits })
}
