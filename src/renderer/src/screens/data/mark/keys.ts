import type { MarkState } from './mark.svelte.ts'
import {
  extendedByCharacter,
  extendedByWord,
  firstWord,
  lastWord,
  movedByCharacter,
  movedByWord,
  type Direction
} from './selection.ts'

export interface Pressed {
  readonly key: string
  readonly shift: boolean
  readonly alt: boolean
  readonly control: boolean
}

/** Does what a key means while a document is marked; false where it means nothing here. */
export function pressed(state: MarkState, { key, shift, alt, control }: Pressed): boolean {
  if (control) return withControl(state, key.toLowerCase(), shift)
  if (key === 'ArrowRight' || key === 'ArrowLeft') return moved(state, key === 'ArrowRight' ? 1 : -1, shift, alt)
  if (alt) return false
  const kind = state.book.value?.kinds.find((one) => one.key === key)
  if (kind) void state.mark(kind.name)
  else if (key === 'Tab') return state.walk(shift ? -1 : 1)
  else return byName(state, key)
  return true
}

function withControl(state: MarkState, key: string, shift: boolean): boolean {
  if (key === 'y' || (key === 'z' && shift)) void state.redo()
  else if (key === 'z') void state.undo()
  else return false
  return true
}

function moved(state: MarkState, direction: Direction, shift: boolean, alt: boolean): boolean {
  const { selection } = state
  const text = state.document.value
  if (!text || !selection) return false
  const move = alt ? (shift ? extendedByCharacter : movedByCharacter) : shift ? extendedByWord : movedByWord
  state.select(move(text, selection, direction))
  return true
}

function byName(state: MarkState, key: string): boolean {
  const text = state.document.value
  switch (key) {
    case 'Home':
      if (text) state.select(firstWord(text))
      return true
    case 'End':
      if (text) state.select(lastWord(text))
      return true
    case 'PageDown':
    case 'PageUp':
      void state.go(state.list.at + (key === 'PageDown' ? 1 : -1))
      return true
    case 'Delete':
    case 'Backspace':
      void state.remove()
      return true
    case 'Enter':
      void state.finish()
      return true
    case 'a':
      void state.accept()
      return true
    case 'A':
      void state.acceptAll()
      return true
    case 's':
    case 'S':
      void state.skip()
      return true
    default:
      return false
  }
}
