import { XMLParser } from 'fast-xml-parser'

/**
 * The rules of EN 16931-1 that a UBL document can be checked by without its schematron, which no package carries: presence (BR-01 to BR-16,
 * BR-21 to BR-26, BR-31 to BR-38, BR-55), sums (BR-CO-10 to BR-CO-17), decimals (BR-DEC), and those of the VAT categories S, Z, AE, K, G, E and O.
 * Written after the standard, not after what we write.
 */
export function violationsOf(xml: string, { withoutSellerVat = false } = {}): string[] {
  const parsed: unknown = new XMLParser({
    ignoreAttributes: false,
    parseTagValue: false,
    isArray: (name) => lists.has(name),
  }).parse(xml)
  const roots = parsed as Record<string, Node>
  const credit = roots.CreditNote !== undefined
  const root = roots.Invoice ?? roots.CreditNote
  if (!root) return ['there is neither Invoice nor CreditNote']
  const found: string[] = []
  const rule = (name: string, holds: boolean) => {
    if (!holds) found.push(name)
  }
  checkPresence(root, credit, rule)
  const lines = listOf(root, credit ? 'cac:CreditNoteLine' : 'cac:InvoiceLine')
  const charges = listOf(root, 'cac:AllowanceCharge')
  checkLines(lines, credit, rule)
  checkTotals(root, { lines, charges }, rule)
  checkCategories(root, { lines, charges, withoutSellerVat }, rule)
  const decimals = [...xml.matchAll(/<cbc:(\w+) currencyID="\w+">([^<]*)</g)].filter(
    ([, name]) => name !== 'PriceAmount',
  )
  for (const [, name, value] of decimals) rule(`BR-DEC ${name} ${value}`, /^-?\d+(\.\d{1,2})?$/.test(value ?? ''))
  const currencies = new Set([...xml.matchAll(/currencyID="(\w+)"/g)].map(([, code]) => code))
  rule('one currency', currencies.size === 1 && currencies.has(text(root, 'cbc:DocumentCurrencyCode')))
  return found
}

type Node = { [name: string]: Node | Node[] | string | undefined }
type Rule = (name: string, holds: boolean) => void

const lists = new Set([
  'cac:InvoiceLine',
  'cac:CreditNoteLine',
  'cac:AllowanceCharge',
  'cac:TaxSubtotal',
  'cac:PartyTaxScheme',
])

const at = (node: Node | undefined, path: string): Node | undefined =>
  path.split('/').reduce<Node | undefined>((seen, name) => {
    const next = seen?.[name]
    return Array.isArray(next) ? next[0] : typeof next === 'object' ? next : undefined
  }, node)
function text(node: Node | undefined, path: string): string {
  const names = path.split('/')
  const last = names.pop() ?? ''
  const value = (names.length > 0 ? at(node, names.join('/')) : node)?.[last]
  if (typeof value === 'string') return value
  const inner = Array.isArray(value) ? undefined : value?.['#text']
  return typeof inner === 'string' ? inner : ''
}
const listOf = (node: Node | undefined, name: string): Node[] => {
  const value = node?.[name]
  return Array.isArray(value) ? value : []
}
/** In hundredths, so that sums are exact. */
const cents = (node: Node | undefined, path: string): number => Math.round(Number(text(node, path) || 0) * 100)
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

function checkPresence(root: Node, credit: boolean, rule: Rule): void {
  rule('BR-01', text(root, 'cbc:CustomizationID') !== '')
  rule('BR-02', text(root, 'cbc:ID') !== '')
  rule('BR-03', /^\d{4}-\d\d-\d\d$/.test(text(root, 'cbc:IssueDate')))
  rule('BR-04', ['380', '381'].includes(text(root, credit ? 'cbc:CreditNoteTypeCode' : 'cbc:InvoiceTypeCode')))
  rule('BR-05', /^[A-Z]{3}$/.test(text(root, 'cbc:DocumentCurrencyCode')))
  for (const [name, country, who] of [
    ['BR-06', 'BR-09', 'cac:AccountingSupplierParty/cac:Party'],
    ['BR-07', 'BR-11', 'cac:AccountingCustomerParty/cac:Party'],
  ] as const) {
    rule(name, text(root, `${who}/cac:PartyLegalEntity/cbc:RegistrationName`) !== '')
    rule(country, /^[A-Z]{2}$/.test(text(root, `${who}/cac:PostalAddress/cac:Country/cbc:IdentificationCode`)))
  }
  const reference = at(root, 'cac:BillingReference/cac:InvoiceDocumentReference')
  rule('BR-55', !at(root, 'cac:BillingReference') || text(reference, 'cbc:ID') !== '')
  rule('a credit note names its invoice', !credit || text(reference, 'cbc:ID') !== '')
}

function checkLines(lines: readonly Node[], credit: boolean, rule: Rule): void {
  rule('BR-16', lines.length > 0)
  for (const line of lines) {
    rule('BR-21', text(line, 'cbc:ID') !== '')
    const quantity = credit ? 'cbc:CreditedQuantity' : 'cbc:InvoicedQuantity'
    rule('BR-22', Number(text(line, quantity)) > 0)
    rule('BR-23', text(line, `${quantity}/@_unitCode`) !== '')
    rule('BR-24', text(line, 'cbc:LineExtensionAmount') !== '')
    rule('BR-25', text(line, 'cac:Item/cbc:Name') !== '')
    rule('BR-26', text(line, 'cac:Price/cbc:PriceAmount') !== '')
    rule('BR-27', Number(text(line, 'cac:Price/cbc:PriceAmount')) >= 0)
    rule('BR-CO-04', text(line, 'cac:Item/cac:ClassifiedTaxCategory/cbc:ID') !== '')
    const off = sum(listOf(line, 'cac:AllowanceCharge').map((each) => cents(each, 'cbc:Amount')))
    const gross = Number(text(line, 'cac:Price/cbc:PriceAmount')) * Number(text(line, quantity)) * 100
    rule(
      'price times quantity less discount is the line',
      Math.abs(gross - off - cents(line, 'cbc:LineExtensionAmount')) < 1,
    )
    for (const each of listOf(line, 'cac:AllowanceCharge'))
      rule('BR-42', text(each, 'cbc:AllowanceChargeReason') + text(each, 'cbc:AllowanceChargeReasonCode') !== '')
  }
}

type Parts = { lines: readonly Node[]; charges: readonly Node[] }

const isCharge = (node: Node): boolean => text(node, 'cbc:ChargeIndicator') === 'true'

function checkTotals(root: Node, { lines, charges }: Parts, rule: Rule): void {
  const totals = at(root, 'cac:LegalMonetaryTotal')
  const of = (name: string) => cents(totals, `cbc:${name}`)
  const subtotals = listOf(at(root, 'cac:TaxTotal'), 'cac:TaxSubtotal')
  const amounts = (kind: boolean) =>
    charges.filter((each) => isCharge(each) === kind).map((each) => cents(each, 'cbc:Amount'))
  for (const name of ['LineExtensionAmount', 'TaxExclusiveAmount', 'TaxInclusiveAmount', 'PayableAmount'])
    rule(`BR-12..15 ${name}`, text(totals, `cbc:${name}`) !== '')
  rule('BR-CO-10', of('LineExtensionAmount') === sum(lines.map((line) => cents(line, 'cbc:LineExtensionAmount'))))
  rule('BR-CO-11', of('AllowanceTotalAmount') === sum(amounts(false)))
  rule('BR-CO-12', of('ChargeTotalAmount') === sum(amounts(true)))
  rule(
    'BR-CO-13',
    of('TaxExclusiveAmount') === of('LineExtensionAmount') - of('AllowanceTotalAmount') + of('ChargeTotalAmount'),
  )
  const tax = cents(root, 'cac:TaxTotal/cbc:TaxAmount')
  rule('BR-CO-14', tax === sum(subtotals.map((each) => cents(each, 'cbc:TaxAmount'))))
  rule('BR-CO-15', of('TaxInclusiveAmount') === of('TaxExclusiveAmount') + tax)
  rule('BR-CO-16', of('PayableAmount') === of('TaxInclusiveAmount') - of('PrepaidAmount'))
  rule('BR-CO-18', subtotals.length > 0)
  for (const each of subtotals) {
    const rate = Number(text(each, 'cac:TaxCategory/cbc:Percent') || 0)
    const should = (Math.abs(cents(each, 'cbc:TaxableAmount')) * rate) / 100
    // The published rule allows less than one unit of the currency.
    rule(`BR-CO-17 ${rate}`, Math.abs(Math.abs(cents(each, 'cbc:TaxAmount')) - should) < 100)
  }
  for (const each of charges) {
    rule('BR-31/36', cents(each, 'cbc:Amount') >= 0)
    rule('BR-32/37', text(each, 'cac:TaxCategory/cbc:ID') !== '')
    rule('BR-33/38', text(each, 'cbc:AllowanceChargeReason') + text(each, 'cbc:AllowanceChargeReasonCode') !== '')
  }
}

function checkCategories(
  root: Node,
  { lines, charges, withoutSellerVat }: Parts & { withoutSellerVat: boolean },
  rule: Rule,
) {
  const subtotals = listOf(at(root, 'cac:TaxTotal'), 'cac:TaxSubtotal')
  const used = [
    ...lines.map((line) => ({
      id: text(line, 'cac:Item/cac:ClassifiedTaxCategory/cbc:ID'),
      rate: text(line, 'cac:Item/cac:ClassifiedTaxCategory/cbc:Percent'),
      net: cents(line, 'cbc:LineExtensionAmount'),
    })),
    ...charges.map((each) => ({
      id: text(each, 'cac:TaxCategory/cbc:ID'),
      rate: text(each, 'cac:TaxCategory/cbc:Percent'),
      net: (isCharge(each) ? 1 : -1) * cents(each, 'cbc:Amount'),
    })),
  ]
  const vatOf = (party: string) =>
    listOf(at(root, `${party}/cac:Party`), 'cac:PartyTaxScheme').some(
      (each) => text(each, 'cac:TaxScheme/cbc:ID') === 'VAT' && text(each, 'cbc:CompanyID') !== '',
    )
  const seller = vatOf('cac:AccountingSupplierParty')
  const buyer = vatOf('cac:AccountingCustomerParty')
  const groups = subtotals.map(
    (each) => `${text(each, 'cac:TaxCategory/cbc:ID')} ${text(each, 'cac:TaxCategory/cbc:Percent')}`,
  )
  rule('one breakdown for a category and rate', new Set(groups).size === groups.length)
  for (const { id, rate } of used) {
    rule(`BR-${id}-01`, groups.includes(`${id} ${rate}`))
    rule(`BR-${id}-05 ${rate}`, id === 'S' ? Number(rate) > 0 : id === 'O' ? rate === '' : Number(rate) === 0)
    if (!withoutSellerVat) rule(`BR-${id}-02 seller`, id === 'O' || seller)
    if (id === 'AE' || id === 'K') rule(`BR-${id}-02 buyer`, buyer)
  }
  for (const each of subtotals) {
    const id = text(each, 'cac:TaxCategory/cbc:ID')
    const rate = text(each, 'cac:TaxCategory/cbc:Percent')
    const taxable = sum(used.filter((one) => one.id === id && one.rate === rate).map(({ net }) => net))
    rule(`BR-${id}-08`, cents(each, 'cbc:TaxableAmount') === taxable)
    if (id !== 'S') rule(`BR-${id}-09`, cents(each, 'cbc:TaxAmount') === 0)
    const reason =
      text(each, 'cac:TaxCategory/cbc:TaxExemptionReason') + text(each, 'cac:TaxCategory/cbc:TaxExemptionReasonCode')
    rule(`BR-${id}-10`, id === 'S' || id === 'Z' ? reason === '' : reason !== '')
    if (id === 'O') rule('BR-O-11', subtotals.length === 1)
    if (id === 'K') {
      rule('BR-IC-11', text(root, 'cac:Delivery/cbc:ActualDeliveryDate') !== '')
      const where = 'cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode'
      rule('BR-IC-12', text(root, where) !== '')
    }
  }
}
