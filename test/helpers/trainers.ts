import { readFile } from 'node:fs/promises'

/** Whether the words of a process start a trainer, built or not. */
export const isTrainer = (words: string): boolean => /trainer\.[jt]s/.test(words)

/** The trainers that a process has started and that are at work. Linux only. */
export async function trainersOf(parent: number): Promise<readonly number[]> {
  const children = (await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8')).trim().split(' ')
  const found = await Promise.all(
    children.map(async (pid) => ({ pid, words: await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') }))
  )
  return found.filter(({ words }) => isTrainer(words)).map(({ pid }) => Number(pid))
}
