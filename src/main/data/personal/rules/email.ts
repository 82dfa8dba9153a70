import { definePersonalRule, matches } from '../define-rule.ts'

/** RFC 5321 bounds: 64 characters before the sign, labels of at most 63 after it. Letters of every script. */
const ADDRESS =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}_%+](?:[\p{L}\p{N}._%+'-]{0,62}[\p{L}\p{N}_%+-])?\s?(?:@|[[(](?:at|ät)[\])])\s?(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?(?:\.|\s?[[(](?:dot|punkt)[\])]\s?)){1,8}\p{L}{2,24}(?![\p{L}\p{N}])/giu

export const emailRule = definePersonalRule({
  id: 'email',
  kind: 'EMAIL',
  title: 'E-mail addresses',
  needs: /@|[[(](?:at|ät)[\])]/i,
  find: (text) => matches(text, ADDRESS, ([all]) => (/\s@|@\s/.test(all) ? null : 3))
})
