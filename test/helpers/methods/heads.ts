/** Whether a tensor belongs to the head of a task, which every adapter trains along. */
export const isHeadOfTask = (name: string): boolean => /^(pre_classifier|classifier|score)\./.test(name)
