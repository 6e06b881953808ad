import { expect, it } from 'vitest'
import { performanceScore } from './lighthouse-score.ts'

// Removes the risk that a page is called fast by a sum that Lighthouse does not make.
it('is the score that Lighthouse’s own calculator gives', () => {
  expect(performanceScore({ fcpMs: 0, siMs: 0, lcpMs: 0, tbtMs: 0, cls: 0 })).toBe(100)
  expect(performanceScore({ fcpMs: 1800, siMs: 3387, lcpMs: 2500, tbtMs: 200, cls: 0.1 })).toBe(90)
  expect(performanceScore({ fcpMs: 3000, siMs: 5800, lcpMs: 4000, tbtMs: 600, cls: 0.25 })).toBe(50)
  expect(performanceScore({ fcpMs: 0, siMs: 0, lcpMs: 0, tbtMs: 600, cls: 0 })).toBe(85)
})
