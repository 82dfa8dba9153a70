import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'

const packed = resolve(import.meta.dirname, '../../node_modules/@sparticuz/chromium/bin/swiftshader.tar.br')

/** Environment of a process that finds a Vulkan computed in software: the one that the browser of the tests brings along. */
export interface SoftwareVulkan {
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
}

/** Unpacks it to a folder of its own, which the caller removes. */
export function softwareVulkan(): SoftwareVulkan {
  const folder = mkdtempSync(join(tmpdir(), 'attune-vulkan-'))
  const archive = join(folder, 'swiftshader.tar')
  writeFileSync(archive, brotliDecompressSync(readFileSync(packed)))
  execFileSync('tar', ['-xf', archive, '-C', folder])
  const driver = join(folder, 'vk_swiftshader_icd.json')
  return { folder, env: { LD_LIBRARY_PATH: folder, VK_ICD_FILENAMES: driver, VK_DRIVER_FILES: driver } }
}
