/** Whose buyers a type is for: those of a seller in the same country, of one abroad, or of both. */
type Seller = 'domestic' | 'offshore' | 'any'

/** `vies`: the European Commission's. `hmrc`: the United Kingdom's. */
export type RegisterName = 'vies' | 'hmrc'

export type TaxIdentifierDefinition = {
  /** Where it applies: the ship-to country of goods, the bill-to country of digital goods. */
  countries: readonly string[]
  customerType: 'business' | 'individual' | 'any'
  /** What checks its format and its check digits: a validator of stdnum, or a pattern where there is none. */
  check: readonly [country: string, validator: string] | RegExp
  /** Letters that an issued number begins with; a value is kept with them. */
  prefix?: string
  /** Letters that may follow a number and say only what it is, such as MWST or MVA; they are not kept. */
  ending?: RegExp
  /** The service that knows whether a number exists; without one an identifier stays pending. */
  register?: { name: RegisterName; country: string }
  seller: Seller
  /** An order it applies to cannot be placed without one. */
  required: boolean
}

const business = (
  country: string,
  check: TaxIdentifierDefinition['check'],
  more: Partial<TaxIdentifierDefinition> = {},
): TaxIdentifierDefinition => ({
  countries: [country],
  customerType: 'business',
  check,
  seller: 'any',
  required: false,
  ...more,
})

/** A VAT number of a member state, which VIES knows. Greece is EL there. */
const vat = (country: string, validator: string, more: Partial<TaxIdentifierDefinition> = {}) => {
  const code = country === 'GR' ? 'EL' : country
  return business(country, [country, validator], { prefix: code, register: { name: 'vies', country: code }, ...more })
}

/**
 * The types of tax identifiers, with the names, customer types and countries that Digital River's documentation lists under
 * "Supported tax identifiers" (2024-04-30).
 */
export const taxIdentifierTypes = {
  ae: business('AE', /^\d{15}$/),
  at: vat('AT', 'uid'),
  au: business('AU', ['AU', 'abn']),
  be: vat('BE', 'vat'),
  bg: vat('BG', 'vat'),
  bh: business('BH', /^\d{15}$/),
  br: business('BR', ['BR', 'cnpj'], { seller: 'domestic', required: true }),
  br_ie: business('BR', /^\d{8,14}$/, { seller: 'domestic', required: true }),
  br_natural: business('BR', ['BR', 'cpf'], { customerType: 'individual', seller: 'domestic', required: true }),
  by: business('BY', ['BY', 'unp']),
  ca: business('CA', ['CA', 'gst']),
  ch: business('CH', ['CH', 'uid'], { ending: /(MWST|TVA|IVA|TPV)$/ }),
  cl: business('CL', ['CL', 'rut'], { customerType: 'any' }),
  co: business('CO', ['CO', 'nit']),
  cy: vat('CY', 'vat'),
  cz: vat('CZ', 'dic'),
  de: vat('DE', 'vat'),
  dk: vat('DK', 'cvr'),
  ee: vat('EE', 'kmkr'),
  es: vat('ES', 'nif'),
  fi: vat('FI', 'alv'),
  fr: vat('FR', 'tva', { countries: ['FR', 'MC'] }),
  gr: vat('GR', 'vat'),
  hr: vat('HR', 'oib'),
  hu: vat('HU', 'anum'),
  id: business('ID', ['ID', 'npwp']),
  ie: vat('IE', 'vat'),
  in: business('IN', ['IN', 'gstin']),
  is: business('IS', ['IS', 'vsk'], { prefix: 'IS' }),
  it: vat('IT', 'iva'),
  it_cf: business('IT', ['IT', 'codicefiscale'], { customerType: 'individual' }),
  it_natural: vat('IT', 'iva', { customerType: 'individual' }),
  jp: business('JP', ['JP', 'cn'], { seller: 'domestic' }),
  jp_offshore: business('JP', ['JP', 'cn'], { prefix: 'T', seller: 'offshore' }),
  ke: business('KE', ['KE', 'pin'], { required: true }),
  kr_offshore: business('KR', ['KR', 'brn'], { seller: 'offshore' }),
  lt: vat('LT', 'pvm'),
  lu: vat('LU', 'tva'),
  lv: vat('LV', 'pvn'),
  mt: vat('MT', 'vat'),
  mx: business('MX', ['MX', 'rfc']),
  mx_natural: business('MX', ['MX', 'rfc'], { customerType: 'individual' }),
  my: business('MY', /^[A-Z]\d{14}$/),
  nl: vat('NL', 'btw'),
  no: business('NO', ['NO', 'orgnr'], { ending: /MVA$/ }),
  nz: business('NZ', ['NZ', 'ird']),
  ph: business('PH', /^\d{9}(\d{3}|\d{5})?$/),
  pl: vat('PL', 'nip'),
  pt: vat('PT', 'nif'),
  pt_nif: business('PT', ['PT', 'nif'], { customerType: 'individual' }),
  ro: vat('RO', 'cui'),
  ru: business('RU', ['RU', 'inn']),
  ru_natural: business('RU', ['RU', 'inn']),
  sa: business('SA', /^3\d{13}3$/),
  se: vat('SE', 'vat'),
  sg: business('SG', /^(M[A-Z0-9]\d{7}[A-Z]|\d{8,9}[A-Z]|[TSR]\d{2}[A-Z]{2}\d{4}[A-Z])$/),
  si: vat('SI', 'ddv'),
  sk: vat('SK', 'dph'),
  th: business('TH', /^\d{13}$/),
  tr: business('TR', ['TR', 'vkn']),
  tw: business('TW', ['TW', 'ubn'], { seller: 'domestic', required: true }),
  tw_offshore: business('TW', ['TW', 'ubn'], { seller: 'offshore', required: true }),
  ua: business('UA', ['UA', 'edrpou']),
  uk: business('GB', ['GB', 'vat'], {
    countries: ['GB', 'IM'],
    prefix: 'GB',
    register: { name: 'hmrc', country: 'GB' },
  }),
  za: business('ZA', ['ZA', 'vat']),
} as const satisfies Record<string, TaxIdentifierDefinition>

export type TaxIdentifierType = keyof typeof taxIdentifierTypes

export const isTaxIdentifierType = (type: string): type is TaxIdentifierType => Object.hasOwn(taxIdentifierTypes, type)

/** The definition of a type, or undefined for a name that is none. */
export const definitionOf = (type: string): TaxIdentifierDefinition | undefined =>
  isTaxIdentifierType(type) ? taxIdentifierTypes[type] : undefined

export type Sale = {
  /** The ship-to country of goods, the bill-to country of digital goods. */
  country: string
  customerType: 'individual' | 'business'
  sellingEntityCountry: string
}

/** True when an identifier of this type may be applied to such a sale. */
export function isApplicable(type: string, sale: Sale): boolean {
  const definition = definitionOf(type)
  return definition !== undefined && fits(definition, sale)
}

/** The types without which such an order is refused, such as `br_natural` for a consumer in Brazil of a Brazilian seller. */
export function requiredTypes(sale: Sale): TaxIdentifierType[] {
  return (Object.keys(taxIdentifierTypes) as TaxIdentifierType[]).filter(
    (type) => taxIdentifierTypes[type].required && fits(taxIdentifierTypes[type], sale),
  )
}

function fits(definition: TaxIdentifierDefinition, { country, customerType, sellingEntityCountry }: Sale): boolean {
  const domestic = definition.countries.includes(sellingEntityCountry)
  return (
    definition.countries.includes(country) &&
    (definition.customerType === 'any' || definition.customerType === customerType) &&
    (definition.seller === 'any' || (definition.seller === 'domestic') === domestic)
  )
}
