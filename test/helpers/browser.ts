import { statfs } from 'node:fs/promises'
import chromium from '@sparticuz/chromium'
import { chromium as driver, type Browser } from 'playwright-core'

/** The browser that npm brings runs on this kind of machine only; elsewhere these tests are skipped, and say so. */
export const canBrowse = process.platform === 'linux' && process.arch === 'x64'

/** Arguments of the package that would test another browser than people have: without the same-origin rule, in one process. */
const LAX = ['--single-process', '--disable-web-security', '--allow-running-insecure-content']

/** There is no graphics card here: pages are drawn by the processor straight away, in a third of the time that an imitated card takes. */
const DRAWN = ['--disable-gpu']

/** For pages that are opened once, looked at and left: what is compiled to run for long is thrown away before it has paid. */
export const SHORT_LIVED = ['--js-flags=--no-opt']

/** Playwright has what processes share written to a disk, for the sake of containers that have 64 MB of memory for it. */
const ON_DISK = '--disable-dev-shm-usage'

async function hasSharedMemory(): Promise<boolean> {
  const { bavail, bsize } = await statfs('/dev/shm').catch(() => ({ bavail: 0, bsize: 0 })) // None: the same as a full one.
  return bavail * bsize >= 2 ** 30
}

/** The Chromium that npm brings. `env`: added to the environment. */
export async function launchBrowser(env: Readonly<Record<string, string>> = {}, more: readonly string[] = []): Promise<Browser> {
  const executablePath = await chromium.executablePath()
  const args = [...chromium.args.filter((argument) => !LAX.includes(argument)), ...DRAWN, ...more]
  const ignoreDefaultArgs = (await hasSharedMemory()) ? [ON_DISK] : []
  return driver.launch({ executablePath, args, ignoreDefaultArgs, env: { ...process.env, ...env } })
}
