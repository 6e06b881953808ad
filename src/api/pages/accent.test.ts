import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accentStyle, contrast, grounds, readable, type Theme, textOf, textOn } from './accent.ts'

const colour = fc.integer({ min: 0, max: 0xffffff }).map((bits) => `#${bits.toString(16).padStart(6, '0')}`)
const themes = Object.keys(grounds) as Theme[]

// Removes the risk that a seller picks a colour on which, or in which, its buyers cannot read.
describe('a seller’s colour', () => {
  it('is measured as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).toBe(21)
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
    expect(contrast('#ffffff', '#777777')).toBe(contrast('#777777', '#ffffff'))
  })

  it('carries text that can be read, whatever colour it is', () => {
    fc.assert(fc.property(colour, (accent) => contrast(textOn(accent), accent) >= readable))
  })

  it('is made readable on the paper and on the cards of both themes', () => {
    const reads = (accent: string) =>
      themes.every((theme) =>
        Object.values(grounds[theme]).every((ground) => contrast(textOf(accent, theme), ground) >= readable),
      )
    fc.assert(fc.property(colour, reads), { examples: [['#ffffff'], ['#000000'], ['#ffee00'], ['#777777']] })
  })

  it('stays as it is where it can be read already', () => {
    expect(textOf('#1a6b34', 'light')).toBe('#1a6b34')
    expect(textOf('#7db3ff', 'dark')).toBe('#7db3ff')
  })

  it('brings nothing but a colour into the stylesheet', () => {
    expect(accentStyle('#ffee00')).toContain('--fill: #ffee00; --on-fill: #000000')
    for (const other of [null, '', 'red', '#fff', '#ffffff }', '#ggffff', '</style>'])
      expect(accentStyle(other)).toBe('')
  })
})
