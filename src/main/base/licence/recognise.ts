/** Characters of a licence that are looked at: every licence names itself in its first lines or is short. */
const LOOKED_AT = 4000

const creative =
  /creative commons\s+attribution(?<nc>[\s-]*non-?commercial)?(?:[\s-]*(?<rest>sharealike|no-?deriv(?:ative)?s))?\s+(?<version>\d\.\d)/

/** Sentences by which the text of a licence tells which one it is. More particular ones stand first. */
const marks: readonly (readonly [RegExp, string])[] = [
  [/apache license,?\s+version 2\.0/, 'apache-2.0'],
  [/gnu affero general public license/, 'agpl-3.0'],
  [/gnu lesser general public license/, 'lgpl'],
  [/gnu general public license\s+version 3/, 'gpl-3.0'],
  [/gnu general public license\s+version 2/, 'gpl-2.0'],
  [/mozilla public license,?\s+version 2\.0/, 'mpl-2.0'],
  [/cc0 1\.0 universal/, 'cc0-1.0'],
  [/(?:open ?rail|responsible ai licen[cs]e)/, 'openrail'],
  [/(?:meta )?llama \d[\d.]* community licen[cs]e/, 'llama-community'],
  [/gemma terms of use/, 'gemma'],
  [/permission to use, copy, modify, and\/or distribute this software for any purpose/, 'isc'],
  [/neither the name of .{0,200}may be used to endorse/, 'bsd-3-clause'],
  [/redistribution and use in source and binary forms/, 'bsd-2-clause'],
  [/permission is hereby granted, free of charge, to any person obtaining a copy/, 'mit'],
  [/(?:non-?commercial|not for commercial)/, 'noncommercial'],
  [/(?:for|to) (?:academic |scientific |non-?commercial )?research (?:purposes )?only/, 'research-only']
]

/** The name of the licence that a text is; null where it is none that is known by its words. */
export function licenceOfText(text: string): string | null {
  const start = text.slice(0, LOOKED_AT).toLowerCase().replace(/\s+/g, ' ')
  if (/^\s*(?:the )?mit license/.test(start)) return 'mit'
  const found = creative.exec(start)
  if (found) {
    const { nc, rest = '', version = '4.0' } = found.groups ?? {}
    const more = rest.startsWith('share') ? '-sa' : rest.startsWith('no') ? '-nd' : ''
    return `cc-by${nc === undefined ? '' : '-nc'}${more}-${version}`
  }
  return marks.find(([mark]) => mark.test(start))?.[1] ?? null
}
