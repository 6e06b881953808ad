import { describe, expect, it } from 'vitest'
import { createDocumentFonts } from './document-fonts.ts'
import { toRuns, wrapText } from './text-runs.ts'

const fonts = createDocumentFonts()
const shown = (line: string, direction: 'ltr' | 'rtl') =>
  toRuns(line, direction, 'regular', fonts).map(({ text }) => text)
const perCharacter = (text: string) => [...text].length

// Removes the risk of a name that runs off the paper, or of figures that are read backwards.
describe('a line of text', () => {
  it('is one run where one font and one direction do', () => {
    expect(shown('Łódź – Ω Ж 5 €', 'ltr')).toEqual(['Łódź – Ω Ж 5 €'])
  })

  it('has the figures of an Arabic text from left to right, and its brackets turned', () => {
    const runs = shown('قهوة (350)', 'rtl')
    // On paper from the left; the font itself turns the letters around, and the bracket among them.
    expect(runs).toEqual(['(', '350', 'قهوة )'])
  })

  it('changes the font where another one has the letter', () => {
    expect(shown('Cup 山田', 'ltr')).toEqual(['Cup ', '山田'])
  })

  it('is broken between words, between Japanese letters, and within a word that is too long', () => {
    expect(wrapText('one two three', 7, perCharacter)).toEqual(['one two', 'three'])
    expect(wrapText('山田太郎、東京', 4, perCharacter)).toEqual(['山田太', '郎、東京'])
    expect(wrapText('abcdefghij k', 4, perCharacter)).toEqual(['abcd', 'efgh', 'ij k'])
    expect(wrapText(' \n ', 4, perCharacter)).toEqual([])
  })
})
