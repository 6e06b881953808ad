import { describe, expect, it } from 'vitest'
import { addressLines } from './address-lines.ts'

// Removes the risk that an address reads as no postman of its country writes it, or loses what the buyer has given.
describe('the lines of an address', () => {
  it.each([
    ['US', { line2: 'Apt 2', city: 'San Francisco', state: 'CA', postalCode: '94104' }, 'San Francisco, CA 94104'],
    ['DE', { city: 'München', postalCode: '80331' }, '80331 München'],
    ['GB', { city: 'London', postalCode: 'EC1A 1BB' }, 'London / EC1A 1BB'],
    ['GB', { city: 'London', state: 'Greater London', postalCode: 'EC1A 1BB' }, 'London / EC1A 1BB / Greater London'],
    ['FR', { city: 'Paris', postalCode: '75001' }, '75001 Paris'],
    ['BR', { city: 'São Paulo', state: 'SP', postalCode: '01000-000' }, 'São Paulo-SP / 01000-000'],
    ['JP', { city: 'Chiyoda', state: 'Tokyo', postalCode: '100-0001' }, 'Chiyoda / Tokyo / 100-0001'],
    ['SG', { city: 'Singapore', postalCode: '018956' }, 'SINGAPORE 018956'],
    ['AE', { city: 'Dubai', state: 'Dubai', postalCode: '00000' }, 'Dubai / 00000'],
    ['GB', { city: 'London', state: 'Lo', postalCode: 'S' }, 'London / S / Lo'],
    ['XX', { city: 'Nowhere', state: 'There', postalCode: '1' }, 'Nowhere / 1 / There'],
  ])('of %s %o', (country, rest, end) => {
    const { line2 } = rest as { line2?: string }
    const start = ['Main St 1', ...(line2 ? [line2] : [])].join(' / ')
    expect(addressLines({ line1: 'Main St 1', country, ...rest }).join(' / ')).toBe(`${start} / ${end}`)
  })

  it('begins with the code where the country does, in its own letters', () => {
    const address = { line1: '千代田1-1', city: '千代田区', state: '東京都', postalCode: '100-0001', country: 'JP' }
    expect(addressLines(address)).toEqual(['〒100-0001', '東京都', '千代田1-1', '千代田区'])
  })

  it('is empty where nothing is known, and never loses what is', () => {
    expect([addressLines(null), addressLines({ country: 'US' })]).toEqual([[], []])
    for (const country of [
      'US',
      'JP',
      'KR',
      'CN',
      'TW',
      'HK',
      'IN',
      'IE',
      'MN',
      'AE',
      'NL',
      'CA',
      'AU',
      'MX',
      'PL',
      'AX',
    ]) {
      const parts = { line1: 'Aa 1', line2: 'Bb', city: 'Cc', state: 'Dd', postalCode: '12345' }
      const written = addressLines({ ...parts, country })
        .join('\n')
        .toLowerCase()
      for (const part of Object.values(parts)) expect(written, country).toContain(part.toLowerCase())
    }
  })
})
