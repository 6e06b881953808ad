import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareNames } from './compare-names.ts'
import { nameWord, soundKeys } from './name-words.ts'

// Particles and titles such as Del weigh less than names; of those there must be two to be sure of a person.
const word = fc.stringMatching(/^[A-Z][a-z]{2,9}$/).filter((text) => nameWord(text).weight === 1)
const name = fc.array(word, { minLength: 2, maxLength: 4 })
const accents = ['', '\u0301', '\u0308', '\u030c', '\u0327']

// Removes the risk that a listed person orders by writing the name another way, or that everybody else is refused.
describe('the likeness of names', () => {
  it('R134 does not depend on word order, case, diacritics or punctuation', () => {
    fc.assert(
      fc.property(name, fc.infiniteStream(fc.nat()), (words, stream) => {
        const next = () => stream.next().value
        const written = words
          .map((text) => ({ text, at: next() }))
          .sort((a, b) => a.at - b.at)
          .map(({ text }) => [...text].map((letter) => letter + accents[next() % accents.length]).join(''))
          .map((text) => [text, text.toUpperCase(), text.toLowerCase(), `“${text}”`][next() % 4])
          .join([' ', ', ', ' - ', '\u00a0'][next() % 4])
        expect(compareNames(words.join(' '), written)).toBe(1)
        expect(compareNames(words.join(' '), written.normalize('NFC'))).toBe(1)
        expect(soundKeys([written]).sort()).toEqual(soundKeys([words.join(' ')]).sort())
      }),
    )
  })

  it('is the same both ways and never more than one', () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        const likeness = compareNames(one.join(' '), other.join(' '))
        expect(likeness).toBeCloseTo(compareNames(other.join(' '), one.join(' ')), 10)
        expect(likeness).toBeGreaterThanOrEqual(0)
        expect(likeness).toBeLessThanOrEqual(1)
      }),
    )
  })

  it.each([
    ['MADURO MOROS, Nicolas', 'Nicolás Maduro Moros'],
    ['YASIN, Abdul Rahman', 'Abdulrahman Yasin'],
    ['Hassan Ali Khan', 'Hasan Ali Khan'],
    ['MEHMETOV, Serik', 'Dr. Serik Mehmetov'],
  ])('R134 refuses %s written as %s', (listed, written) => {
    expect(compareNames(listed, written)).toBeGreaterThanOrEqual(0.95)
  })

  it.each([
    ['QADHAFI, Muammar', 'Moammar Gaddafi'],
    ['БУТ, Виктор', 'Victor Bout'],
    ['Mohammed Ali', 'Muhammad Ali'],
    ['MADURO MOROS, Nicolas', 'Nicolas Maduro'],
    ['HAMAS', 'Hamas'],
  ])('R134 lets a person decide about %s written as %s', (listed, written) => {
    const likeness = compareNames(listed, written)
    expect(likeness).toBeGreaterThanOrEqual(0.85)
    expect(likeness).toBeLessThan(0.95)
  })

  it.each([
    ['John Smith', 'Jane Smith'],
    ['Ali Hassan', 'Ali'],
    ['Grace Hopper', 'Grace Cooper'],
    ['Ada Buyer', 'Ana Bayer'],
    ['BANK MELLI IRAN', 'Bank of America'],
    ['AL-ASSAD, Bashar', 'Assad Al Bin'],
    ['', ''],
  ])('lets %s pass as %s', (one, other) => {
    expect(compareNames(one, other)).toBeLessThan(0.85)
  })
})
