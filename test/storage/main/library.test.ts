import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ModelDetails } from '../../../src/preload/contract/library.ts'
import type { ModelSummary } from '../../../src/preload/contract/models.ts'
import type { Caller } from '../../../src/main/ipc/define.ts'
import { openServices, type Services } from '../../../src/main/services/services.ts'
import { makeTinyProject } from '../../helpers/tiny-project.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-relist-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const open = (): Promise<Services> =>
  openServices({
    dataFolder: join(folder, 'data'),
    resources: join(folder, 'resources'),
    trainer: join(folder, 'no-trainer.js'),
    version: '0.0.0',
    shell: 'loopback',
    log: () => undefined
  })

test('a copied model is listed again, whole, where the record of the application was lost', async () => {
  const { folder: tiny } = await makeTinyProject(join(folder, 'own'))
  const caller: Caller = { fileOf: () => ({ path: join(tiny, 'model'), name: 'my model' }) }
  let services = await open()
  const call = async <T>(channel: string, argument?: unknown): Promise<T> => {
    const reply = await services.dispatch(channel, argument, caller)
    if (reply.ok) return reply.value as T // Made by our own routes.
    throw new Error(reply.error.message)
  }
  const { model } = await call<{ model: ModelSummary }>('library:bring', {
    folder: 'f-0123456789abcdef',
    place: 'copied'
  })
  const details = await call<ModelDetails>('library:details', model.id)
  await services.dispose()
  for (const name of (await readdir(join(folder, 'data'))).filter((each) => each.startsWith('attune.sqlite')))
    await rm(join(folder, 'data', name))
  services = await open()
  expect(await call('models:list')).toEqual([model])
  expect(await call('library:details', model.id)).toEqual(details)
  expect(details).toMatchObject({ place: 'copied' })
  await services.dispose()
})
