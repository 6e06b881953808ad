import { expect, it } from 'vitest'
import { declineWords, declineWordsByCode } from './decline-words.ts'

// Removes the risk that a buyer reads a provider's words in a language that nobody asked for, or a thief why a card does not work.
it.each(['en', 'de', 'fr', 'es', 'ja', 'ar'])(
  'says in %s why a card was declined, each reason otherwise, and no secret',
  (language) => {
    const said = declineWordsByCode(language)
    expect(new Set(Object.values(said)).size).toBe(7)
    expect(declineWords(language, 'insufficient_funds')).toBe(said.insufficient_funds)
    for (const secret of ['stolen_card', 'lost_card', 'fraudulent', 'constructor', '', null])
      expect(declineWords(language, secret)).toBe(said.general)
    if (language !== 'en') expect(said.expired_card).not.toBe(declineWords('en', 'expired_card'))
    expect(declineWords('xx', 'expired_card')).toBe(declineWords('en', 'expired_card'))
  },
)
