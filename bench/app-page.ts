/** Notes when the page first shows a step: [step, milliseconds since 1970]. */
export const STEP_SCRIPT = `
  window.attuneSteps = []
  let last = 0
  const look = () => {
    const shown = document.querySelector('main [role="progressbar"], main progress')
    const step = Number(shown?.getAttribute('aria-valuenow') ?? shown?.value ?? 0)
    if (step > last) window.attuneSteps.push([(last = step), Date.now()])
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
`

/** A function of the name of a place: presses it, and resolves to the milliseconds until its screen is drawn and nothing of it still loads. */
export const SCREEN_SCRIPT = `
  async (name) => {
    const link = [...document.querySelectorAll('nav a')].find((each) => each.textContent.trim() === name)
    const before = document.querySelector('main h1')
    const began = performance.now()
    link.click()
    for (;;) {
      await new Promise(requestAnimationFrame)
      const title = document.querySelector('main h1')
      const isThere = title && title !== before && !document.querySelector('main .skeleton')
      if (isThere || performance.now() - began > 10_000) return performance.now() - began
    }
  }
`

/** Lets the fake behind the page answer with curves of 100,000 points up to where its run stands; what comes live is joined to them by the page itself. */
export const HEAVY_CURVES = `
  const bridge = window.attune
  const call = bridge.call
  const points = 100_000
  const series = (f) => ({ step: Array.from({ length: points }, (_, i) => (100 * i) / points), value: Array.from({ length: points }, (_, i) => f(i)) })
  const heavy = {
    loss: series((i) => 1 + Math.sin(i / 500) / 5 + 1 / (1 + i / 9000)),
    learningRate: series((i) => 1e-4 * (1 - i / points)),
    memory: series(() => 4e8),
    speed: series(() => 900),
    evaluations: []
  }
  bridge.call = async (channel, argument) => (channel === 'runs:curves' ? { ok: true, value: heavy } : call(channel, argument))
`

/** Notes how long inputs took until the next picture, and tasks of over 50 ms. */
export const INPUT_SCRIPT = `
  window.attuneHands = { input: [], tasks: [] }
  new PerformanceObserver((list) => {
    for (const { duration, interactionId } of list.getEntries()) if (interactionId > 0) window.attuneHands.input.push(duration)
  }).observe({ type: 'event', durationThreshold: 16 })
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.attuneHands.tasks.push(duration)
  }).observe({ type: 'longtask' })
`
