import { describe, expect, it } from 'vitest'
import { checkTaxIdentifier, countsForTax } from './check-tax-identifier.ts'
import { definitionOf, isApplicable, requiredTypes, type taxIdentifierTypes } from './tax-identifier-types.ts'

/** A number of each type that its authority could have issued, and how it is kept. */
const examples: Record<keyof typeof taxIdentifierTypes, readonly [written: string, kept: string]> = {
  ae: ['100123456700003', '100123456700003'],
  at: ['ATU13585627', 'ATU13585627'],
  au: ['51 824 753 556', '51824753556'],
  be: ['BE 0428.759.497', 'BE0428759497'],
  bg: ['BG175074752', 'BG175074752'],
  bh: ['200000898300002', '200000898300002'],
  br: ['16.727.230/0001-97', '16727230000197'],
  br_ie: ['110.042.490.114', '110042490114'],
  br_natural: ['390.533.447-05', '39053344705'],
  by: ['200988541', '200988541'],
  ca: ['123456782 RT0001', '123456782RT0001'],
  ch: ['CHE-107.787.577 MWST', 'CHE107787577'],
  cl: ['12.531.909-2', '125319092'],
  co: ['213.123.432-1', '2131234321'],
  cy: ['CY10259033P', 'CY10259033P'],
  cz: ['25123891', 'CZ25123891'],
  de: ['de 136 695 976', 'DE136695976'],
  dk: ['DK13585628', 'DK13585628'],
  ee: ['EE100931558', 'EE100931558'],
  es: ['ESB58378431', 'ESB58378431'],
  fi: ['FI20774740', 'FI20774740'],
  fr: ['FR40303265045', 'FR40303265045'],
  gr: ['GR094259216', 'EL094259216'],
  hr: ['HR33392005961', 'HR33392005961'],
  hu: ['HU12892312', 'HU12892312'],
  id: ['01.300.066.6-091.000', '013000666091000'],
  ie: ['IE6433435F', 'IE6433435F'],
  in: ['27AAPFU0939F1ZV', '27AAPFU0939F1ZV'],
  is: ['IS00621', 'IS00621'],
  it: ['IT00743110157', 'IT00743110157'],
  it_cf: ['RCCMNL83S18D969H', 'RCCMNL83S18D969H'],
  it_natural: ['IT00743110157', 'IT00743110157'],
  jp: ['5-8356-7825-6246', '5835678256246'],
  jp_offshore: ['T5835678256246', 'T5835678256246'],
  ke: ['P051365947M', 'P051365947M'],
  kr_offshore: ['220-81-62517', '2208162517'],
  lt: ['LT119511515', 'LT119511515'],
  lu: ['LU15027442', 'LU15027442'],
  lv: ['LV40003521600', 'LV40003521600'],
  mt: ['MT11679112', 'MT11679112'],
  mx: ['MAB9307148T4', 'MAB9307148T4'],
  mx_natural: ['GODE561231GR8', 'GODE561231GR8'],
  my: ['A12-3456-78912345', 'A12345678912345'],
  nl: ['NL004495445B01', 'NL004495445B01'],
  no: ['995 525 828 MVA', '995525828'],
  nz: ['49-091-850', '49091850'],
  ph: ['123456789012', '123456789012'],
  pl: ['PL8567346215', 'PL8567346215'],
  pt: ['PT501964843', 'PT501964843'],
  pt_nif: ['501964843', '501964843'],
  ro: ['RO18547290', 'RO18547290'],
  ru: ['7707083893', '7707083893'],
  ru_natural: ['500100732259', '500100732259'],
  sa: ['300000157210003', '300000157210003'],
  se: ['SE556188840401', 'SE556188840401'],
  sg: ['M90367530Y', 'M90367530Y'],
  si: ['SI50223054', 'SI50223054'],
  sk: ['SK2022749619', 'SK2022749619'],
  th: ['1234545678781', '1234545678781'],
  tr: ['4540536920', '4540536920'],
  tw: ['00501503', '00501503'],
  tw_offshore: ['00501503', '00501503'],
  ua: ['32855961', '32855961'],
  uk: ['GB000283536', 'GB000283536'],
  za: ['4012345678', '4012345678'],
}

// Removes the risk that a buyer's right number is refused, or that a number nobody could have frees a sale from tax.
describe('tax identifiers', () => {
  it.each(Object.entries(examples))('R217 takes a number of type %s', async (type, [written, kept]) => {
    expect(await checkTaxIdentifier(type, written)).toMatchObject({ ok: true, plausible: true, value: kept })
    expect(await checkTaxIdentifier(type, kept)).toMatchObject({ ok: true, plausible: true, value: kept })
  })

  it.each(Object.keys(examples))('R217 refuses what is no number of type %s', async (type) => {
    for (const wrong of ['', 'X', '1', 'IT00121239990xxxx', '9'.repeat(60)]) {
      expect(await checkTaxIdentifier(type, wrong)).toEqual({ ok: false })
    }
  })

  it('refuses wrong check digits where no register could decide', async () => {
    expect(await checkTaxIdentifier('au', '51824753557')).toEqual({ ok: false })
    expect(await checkTaxIdentifier('uk', 'GB000283537')).toEqual({ ok: false })
  })

  it('leaves wrong check digits to the register, without effect on taxes until it has answered', async () => {
    const documented = { type: 'de', value: 'DE123456789' }
    expect(await checkTaxIdentifier(documented.type, documented.value)).toMatchObject({ ok: true, plausible: false })
    expect(await countsForTax({ ...documented, state: 'pending' })).toBe(false)
    expect(await countsForTax({ ...documented, state: 'verified' })).toBe(true)
  })

  it('counts for taxes while pending and once verified, never when it is not valid', async () => {
    const real = { type: 'de', value: 'DE136695976' }
    expect(await countsForTax({ ...real, state: 'pending' })).toBe(true)
    expect(await countsForTax({ ...real, state: 'verified' })).toBe(true)
    expect(await countsForTax({ ...real, state: 'not_valid' })).toBe(false)
  })

  it('applies to the country, the customer type and the seller of its type', () => {
    const german = { country: 'DE', customerType: 'business', sellingEntityCountry: 'IE' } as const
    expect(isApplicable('de', german)).toBe(true)
    expect(isApplicable('de', { ...german, country: 'DK' })).toBe(false)
    expect(isApplicable('de', { ...german, customerType: 'individual' })).toBe(false)
    expect(isApplicable('uk', { ...german, country: 'IM' })).toBe(true)
    expect(isApplicable('cl', { ...german, country: 'CL', customerType: 'individual' })).toBe(true)
    expect(isApplicable('jp', { ...german, country: 'JP' })).toBe(false)
    expect(isApplicable('jp_offshore', { ...german, country: 'JP' })).toBe(true)
    expect(isApplicable('constructor', german)).toBe(false)
  })

  it('knows where an order needs one', () => {
    const brazil = { country: 'BR', customerType: 'individual', sellingEntityCountry: 'BR' } as const
    expect(requiredTypes(brazil)).toEqual(['br_natural'])
    expect(requiredTypes({ ...brazil, customerType: 'business' })).toEqual(['br', 'br_ie'])
    expect(requiredTypes({ ...brazil, sellingEntityCountry: 'US' })).toEqual([])
    expect(requiredTypes({ country: 'TW', customerType: 'business', sellingEntityCountry: 'IE' })).toEqual([
      'tw_offshore',
    ])
    expect(requiredTypes({ country: 'DE', customerType: 'business', sellingEntityCountry: 'IE' })).toEqual([])
  })

  it('asks VIES about Greece by the code it has there, and HMRC about the United Kingdom', () => {
    expect(definitionOf('gr')?.register).toEqual({ name: 'vies', country: 'EL' })
    expect(definitionOf('uk')?.register).toEqual({ name: 'hmrc', country: 'GB' })
  })
})
