import { expect, test } from 'vitest'
import { Card, type CardLibraries, type FindFunction } from '../../../../../src/main/engine/runtime/c-api/card.ts'

/** Writes what a C function of the two libraries would, by its name; a number is what it fails with. */
const library =
  (answers: Readonly<Record<string, readonly (number | string)[] | number>>): FindFunction =>
  (name) =>
  (...values) => {
    const answer = answers[name]
    if (answer === undefined) throw new Error(`cannot find function ${name}`)
    if (typeof answer === 'number') return answer
    const memory = values.filter((value) => typeof value === 'object')
    answer.forEach((said, i) => {
      const place = memory.length === 1 ? memory[0] : memory[i]
      if (typeof said === 'string') (place as Uint8Array).set(Buffer.from(`${said}\0`))
      else if (place instanceof BigUint64Array) place[0] = BigInt(said)
      else (place as Uint32Array)[i] = said
    })
    return 0
  }

const cuda = { cudaMemGetInfo: [90e9, 150e9], cudaDeviceGetPCIBusId: ['0000:1b:00.0'] }
const care = {
  nvmlInit_v2: [],
  nvmlDeviceGetHandleByPciBusId_v2: [77],
  nvmlDeviceGetName: ['NVIDIA H200'],
  nvmlDeviceGetUtilizationRates: [93, 40],
  nvmlDeviceGetTotalEnergyConsumption: [5_000_500],
  nvmlDeviceGetPowerUsage: [412_300]
}
const libraries = (more: object = {}): CardLibraries => ({ cuda: library(cuda), care: library({ ...care, ...more }) })

test('says what the card that CUDA counts first is, holds and does', () => {
  expect(Card.open(libraries()).look()).toEqual({
    ...{ name: 'NVIDIA H200', memory: { free: 90e9, total: 150e9 } },
    ...{ busy: 0.93, joules: 5000.5, watts: 412.3 }
  })
})

test('leaves out what a card does not tell', () => {
  const older = { nvmlDeviceGetTotalEnergyConsumption: 3 }
  expect(Card.open(libraries(older)).look()).toMatchObject({ name: 'NVIDIA H200', joules: null, watts: 412.3 })
  expect(Card.open(libraries({ ...older, nvmlDeviceGetPowerUsage: 3 })).look()).toMatchObject({ joules: null, watts: null })
  expect(Card.open({ cuda: library(cuda), care: null }).look()).toEqual({
    ...{ name: null, memory: { free: 90e9, total: 150e9 }, busy: null, joules: null, watts: null }
  })
  expect(Card.open(libraries({ nvmlDeviceGetHandleByPciBusId_v2: 6 })).look()).toMatchObject({ name: null, busy: null })
})
