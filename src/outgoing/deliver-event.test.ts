import { describe, expect, it } from 'vitest'
import { catalog } from '../../queues/catalog.ts'
import { readRetryAfter } from './deliver-event.ts'

// Removes the risk that a receiver's wish is misread as "never" or "at once".
describe('Retry-After', () => {
  const now = Date.parse('2026-11-21T20:00:00Z')

  it.each([
    ['120', 120_000],
    [' 5', 5_000],
    ['Sat, 21 Nov 2026 20:01:00 GMT', 60_000],
    ['999999999', 24 * 3_600_000],
  ])('%s waits', (header, waitMs) => {
    expect(readRetryAfter(header, now)).toBe(waitMs)
  })

  it.each([undefined, '', '0', '-1', 'soon', 'Sat, 21 Nov 2026 19:00:00 GMT'])('%s says nothing', (header) => {
    expect(readRetryAfter(header, now)).toBeUndefined()
  })

  it('comes on top of the published waits between attempts', () => {
    const minutes = catalog['deliver-event'].retryDelaysMs.map((delayMs) => delayMs / 60_000)
    expect(minutes).toEqual([1 / 12, 5, 30, 120, 300, 600, 840, 1200, 1440])
  })
})
