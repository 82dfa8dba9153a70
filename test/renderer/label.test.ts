import { expect, test } from 'vitest'
import type { DatasetId } from '../../src/preload/contract/common.ts'
import { createApi } from '../../src/renderer/src/lib/api.ts'
import { LabelState } from '../../src/renderer/src/screens/data/label/label.svelte.ts'
import { makeFakeBridge } from '../helpers/fake-bridge/index.ts'

test('a class that is written while the next document opens never brings the last one back', async () => {
  for (let turns = 0; turns < 24; turns++) {
    const label = new LabelState(createApi(makeFakeBridge({ filled: true, beat: 0 })).labels, 'own' as DatasetId)
    await label.load()
    const marking = label.mark('urgent')
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    await Promise.all([label.go(1), marking])
    expect(label.document.value?.line, `gone on after ${turns} turns`).toBe(label.lines[1])
  }
})
