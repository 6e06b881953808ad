import { describe, expect, it } from 'vitest'
import { buyerProblemPage } from './buyer-problem-page.ts'
import { buyerTextsOf } from './buyer-texts.ts'

// Removes the risk that a buyer who reads German is refused in English, or with somebody else's sentence.
describe('a refusal of a buyer', () => {
  const codes = Object.keys(buyerTextsOf('en').words.problems)
  const shown = (code: string, locale: string) =>
    String(buyerProblemPage({ code, onOffer: false, order: undefined }, locale).body)

  it.each(['ar', 'de', 'es', 'fr', 'ja'])('is in %s, each with words of its own', (locale) => {
    const { words } = buyerTextsOf(locale)
    const english = buyerTextsOf('en').words
    for (const code of codes) {
      expect(shown(code, locale), code).not.toBe(shown(code, 'en'))
      expect(shown(code, locale)).toContain(words.findOrders)
    }
    expect(Object.keys(words.problems).toSorted()).toEqual(Object.keys(english.problems).toSorted())
    expect(new Set(codes.map((code) => shown(code, locale))).size).toBe(codes.length)
  })

  it('is about the offer where there is none, and general where there are no words for it', () => {
    const page = (code: string, onOffer: boolean) =>
      String(buyerProblemPage({ code, onOffer, order: '/c/a' }, 'en').body)
    expect(page('not_found', true)).toContain('This offer does not exist.')
    expect(page('not_found', false)).toContain('This page does not exist')
    expect(page('out_of_stock', true)).toContain('Sold out')
    expect(page('invalid_parameter', true)).toContain('That did not work')
    expect(page('payment_refused', false)).toContain('<a href="/c/a">Back to the order</a>')
  })
})
