import { fireEvent, render, screen } from '@testing-library/svelte'
import { createRawSnippet, type Snippet } from 'svelte'
import { describe, expect, test, vi } from 'vitest'
import ConfusionMatrix from '../../src/renderer/src/charts/ConfusionMatrix.svelte'
import ActionBar from '../../src/renderer/src/ui/ActionBar.svelte'
import Failed from '../../src/renderer/src/ui/Failed.svelte'
import Region from '../../src/renderer/src/ui/Region.svelte'
import { Resource } from '../../src/renderer/src/lib/resource.svelte.ts'

describe('a failed region', () => {
  test('says what happened and offers the next action', async () => {
    const run = vi.fn()
    render(Failed, {
      failure: { code: 'data.locked', message: 'The file is locked.', detail: 'EACCES' },
      action: { label: 'Choose another', run }
    })
    expect(screen.getByRole('alert').textContent).toContain('The file is locked.')
    await fireEvent.click(screen.getByRole('button', { name: 'Choose another' }))
    expect(run).toHaveBeenCalledOnce()
  })
})

describe('a region', () => {
  test('loads, fails with a way to try again, and shows its value', async () => {
    let fails = true
    const resource = new Resource(async () => {
      if (fails) throw new Error('It cannot be read.')
      return 'the value'
    })
    const children = createRawSnippet<[string]>((value) => ({ render: () => `<p>${value()}</p>` }))
    // A component's type parameter cannot be given here: to the test it is a region of anything.
    render(Region, { of: resource as Resource<unknown>, children: children as Snippet<[unknown]> })
    expect(screen.getByRole('status').textContent).toContain('Loading')
    await resource.load()
    expect((await screen.findByRole('alert')).textContent).toContain('It cannot be read.')
    fails = false
    await fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await screen.findByText('the value')).toBeTruthy()
  })
})

describe('the action bar', () => {
  test('marks its one main button, which Ctrl+Enter presses', () => {
    render(ActionBar, { sentence: 'Ready.', primary: { label: 'Start', run: () => undefined } })
    expect(screen.getByRole('button', { name: 'Start' }).dataset['primary']).toBe('true')
  })

  test('does not let a link be followed that is not ready', () => {
    render(ActionBar, { sentence: 'Not yet.', primary: { label: 'Continue', href: '#/train', disabled: true } })
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Continue' }).disabled).toBe(true)
  })
})

describe('a confusion matrix', () => {
  test('is one stop of the Tab key and is walked by arrows', async () => {
    const onpick = vi.fn()
    render(ConfusionMatrix, {
      classes: ['a', 'b'],
      counts: [
        [3, 1],
        [0, 4]
      ],
      onpick
    })
    const cells = screen.getAllByRole('button')
    expect(cells.map((cell) => cell.tabIndex)).toEqual([0, -1, -1, -1])
    cells[0]!.focus()
    await fireEvent.keyDown(cells[0]!, { key: 'ArrowRight' })
    expect(document.activeElement?.getAttribute('aria-label')).toBe('1 row of a read as b')
    await fireEvent.click(document.activeElement!)
    expect(onpick).toHaveBeenCalledWith('a', 'b')
  })
})
