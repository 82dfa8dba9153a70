import { readFile } from 'node:fs/promises'

/** The trainers that a process has started and that are at work. Linux only. */
export async function trainersOf(parent: number): Promise<readonly number[]> {
  const children = (await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8')).trim().split(' ')
  const found = await Promise.all(
    children.map(async (pid) => ({ pid, words: await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') }))
  )
  return found.filter(({ words }) => words.includes('trainer.ts')).map(({ pid }) => Number(pid))
}
