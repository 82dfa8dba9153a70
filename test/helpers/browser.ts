import chromium from '@sparticuz/chromium'
import { chromium as driver, type Browser } from 'playwright-core'

/** The browser that npm brings runs on this kind of machine only; elsewhere these tests are skipped, and say so. */
export const canBrowse = process.platform === 'linux' && process.arch === 'x64'

/** Arguments of the package that would test another browser than people have: without the same-origin rule, in one process. */
const LAX = ['--single-process', '--disable-web-security', '--allow-running-insecure-content']

/** There is no graphics card here: pages are drawn by the processor straight away, in a third of the time that an imitated card takes. */
const DRAWN = ['--disable-gpu']

/** The Chromium that npm brings. `env`: added to the environment. */
export async function launchBrowser(env: Readonly<Record<string, string>> = {}, more: readonly string[] = []): Promise<Browser> {
  const executablePath = await chromium.executablePath()
  const args = [...chromium.args.filter((argument) => !LAX.includes(argument)), ...DRAWN, ...more]
  return driver.launch({ executablePath, args, env: { ...process.env, ...env } })
}
