import { describe, expect, test } from 'vitest'
import type { FileHandle } from '../../src/preload/contract/common.ts'
import type { DatasetSummary } from '../../src/preload/contract/data.ts'
import { AttuneError, type Api } from '../../src/renderer/src/lib/api.ts'
import { Intake } from '../../src/renderer/src/state/intake.svelte.ts'

const dataset = { id: 'd-1' } as DatasetSummary // All that an intake looks at.

/** An intake over files of which those named `bad` fail with this code. */
function intakeOf(code: string): { intake: Intake; opened: DatasetSummary[]; asked: unknown[] } {
  const [opened, asked]: [DatasetSummary[], unknown[]] = [[], []]
  const data = {
    open: async (file: FileHandle) => {
      if (file.startsWith('f-bad')) throw new AttuneError({ code, message: `${file} cannot be read.`, detail: '' })
      return dataset
    },
    openAs: async (request: unknown) => {
      asked.push(request)
      return dataset
    }
  }
  const api = {
    data,
    fileOf: async (file: File) => `f-${file.name}` as FileHandle,
    dataFolderOf: async (folder: File) => `f-${folder.name}` as FileHandle,
    choose: async () => 'f-bad' as FileHandle,
    intake: {
      openFolder: async (handle: FileHandle) => {
        asked.push(handle)
        if (handle.startsWith('f-bad')) throw new AttuneError({ code, message: 'no', detail: '' })
        return dataset
      }
    }
  } as unknown as Pick<Api, 'data' | 'intake' | 'fileOf' | 'dataFolderOf' | 'choose'> // What an intake calls of it.
  return { intake: new Intake(api, (one) => opened.push(one)), opened, asked }
}

const file = (name: string): File => new File([''], name)

describe('what is dropped', () => {
  test('is told where it cannot be opened, though what came after it could', async () => {
    const { intake, opened } = intakeOf('data_encoding_mixed')
    await intake.drop([file('good.csv'), file('bad-1.csv'), file('bad-2.csv'), file('also-good.csv')])
    expect(opened).toHaveLength(2)
    expect(intake.failure?.message).toBe('f-bad-1.csv cannot be read.')
    expect(intake.unread).toBe('f-bad-1.csv')
  })

  test('can be read otherwise where that may help, and then nothing has failed any more', async () => {
    const { intake, opened, asked } = intakeOf('data_encoding_mixed')
    await intake.choose()
    expect(intake.unread).toBe('f-bad')
    expect(await intake.openAs('f-bad' as FileHandle, { encoding: 'windows-1252' })).toBe(true)
    expect(asked).toEqual([{ file: 'f-bad', read: { encoding: 'windows-1252' } }])
    expect([intake.failure, intake.unread, opened.length]).toEqual([null, null, 1])
  })

  test('can be read without the rows at fault, where single rows are', async () => {
    const { intake, asked } = intakeOf('data_row_ragged')
    await intake.choose()
    expect(intake.canLeaveOut).toBe(true)
    await intake.leaveOut()
    expect(asked).toEqual([{ file: 'f-bad', read: { leaveOut: true } }])
    const other = intakeOf('data_file_empty').intake
    await other.choose()
    expect(other.canLeaveOut).toBe(false)
  })

  test('as a folder is opened whole; stopping it is no failure', async () => {
    const { intake, opened, asked } = intakeOf('reading-stopped')
    await intake.dropFolder({ file: file('letters'), contents: async () => [] })
    expect([asked, opened.length, intake.failure]).toEqual([['f-letters'], 1, null])
    await intake.chooseFolder()
    expect([asked.at(-1), opened.length, intake.failure]).toEqual(['f-bad', 1, null])
  })

  test('cannot where it would not', async () => {
    const { intake } = intakeOf('data_file_empty')
    await intake.choose()
    expect([intake.failure?.code, intake.unread]).toEqual(['data_file_empty', null])
  })
})
