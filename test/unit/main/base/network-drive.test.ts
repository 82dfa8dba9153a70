import { expect, it } from 'vitest'
import { isOnNetwork, type DriveQuestions } from '../../../../src/main/base/network-drive.ts'

const on = (platform: NodeJS.Platform, type: number, real = ''): DriveQuestions => ({
  platform,
  typeOf: (path) => (path.includes('missing') ? Promise.reject(new Error('ENOENT')) : Promise.resolve(type)),
  realPath: (path) => Promise.resolve(real === '' ? path : real)
})

it("knows Linux's network file systems, also for a folder that is yet to be made", async () => {
  expect(await isOnNetwork('/srv/models', on('linux', 0x6969))).toBe(true)
  expect(await isOnNetwork('/srv/missing/missing', on('linux', 0xfe534d42))).toBe(true)
  expect(await isOnNetwork('/srv/models', on('linux', 0xef53))).toBe(false)
  expect(await isOnNetwork('missing', on('linux', 0xef53))).toBe(false)
})

it('knows shares of Windows by their real path, and says nothing of macOS', async () => {
  expect(await isOnNetwork('Z:\\models', on('win32', 0, '\\\\server\\share\\models'))).toBe(true)
  expect(await isOnNetwork('Z:\\models', on('win32', 0, '\\\\?\\UNC\\server\\share'))).toBe(true)
  expect(await isOnNetwork('C:\\models', on('win32', 0, 'C:\\models'))).toBe(false)
  expect(await isOnNetwork('C:\\models', on('win32', 0, '\\\\?\\C:\\models'))).toBe(false)
  expect(await isOnNetwork('/Volumes/models', on('darwin', 0x6969))).toBe(false)
})
