import { XMLBuilder } from 'fast-xml-parser'
import type { Party } from '../parties/address.ts'
import { decimalAmount, exponentOf } from '../platform/money.ts'
import type { DocumentCharge, DocumentData, DocumentLine } from './document-data.ts'
import { documentPhrases } from './document-phrases.ts'
import { type DocumentWords, languageOf } from './document-words.ts'

/** VAT categories of UNCL5305 as EN 16931 uses them. */
export type VatCategory = 'S' | 'AE' | 'K' | 'G' | 'E' | 'O'
type Taxed = { category: VatCategory; rate: number }
type Xml = Record<string, unknown>

/** What no document of XML may have, however it is written. */
const notOfXml = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu
const specification = 'urn:cen.eu:en16931:2017'
const documentTypes = { invoice: '380', credit_memo: '381' }
const piece = 'C62'
/** What a charge is, in UNTDID 7161. */
const chargeCodes: Record<DocumentCharge['kind'], string | undefined> = {
  shipping: 'FC',
  fees: undefined,
  duties: undefined,
}
const exemptCategories = {
  reverse_charge: ['AE', 'VATEX-EU-AE'],
  intra_community: ['K', 'VATEX-EU-IC'],
  export: ['G', 'VATEX-EU-G'],
  exempt: ['E', undefined],
  outside: ['O', 'VATEX-EU-O'],
} as const satisfies Record<string, readonly [VatCategory, string | undefined]>

/**
 * An invoice or credit memo by EN 16931, as UBL 2.1: the same amounts as its PDF. What was paid or given back is said to be, so that nothing
 * is due. A refund of tax alone takes its goods off at their rate and puts them back without one.
 */
export function toElectronicInvoice(data: DocumentData): string {
  const root = data.kind === 'invoice' ? 'Invoice' : 'CreditNote'
  const builder = new XMLBuilder({ ignoreAttributes: false, format: true, suppressEmptyNode: true })
  const xml: unknown = builder.build({
    '?xml': { '@_version': '1.0', '@_encoding': 'UTF-8' },
    [root]: {
      '@_xmlns': `urn:oasis:names:specification:ubl:schema:xsd:${root}-2`,
      '@_xmlns:cac': 'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2',
      '@_xmlns:cbc': 'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2',
      ...bodyOf(data),
    },
  })
  return String(xml).replace(notOfXml, '')
}

function bodyOf(data: DocumentData): Xml {
  const { kind, currency, totals } = data
  const { language, words } = languageOf(data.locale)
  const money = moneyIn(currency)
  const lines = toLines(data)
  const charges = toChargesOf(data)
  const reason = exemptionReason(data, language, words)
  const sumOf = (amounts: readonly { net: number }[]) => amounts.reduce((sum, { net }) => sum + net, 0)
  const net = totals.total - totals.tax
  return without({
    'cbc:CustomizationID': specification,
    'cbc:ID': data.number,
    'cbc:IssueDate': dateOf(data.issuedAt),
    [kind === 'invoice' ? 'cbc:InvoiceTypeCode' : 'cbc:CreditNoteTypeCode']: documentTypes[kind],
    'cbc:Note': data.reason ?? undefined,
    'cbc:DocumentCurrencyCode': currency,
    'cbc:BuyerReference': data.upstreamId ?? data.orderId,
    'cac:OrderReference': { 'cbc:ID': data.upstreamId ?? data.orderId, 'cbc:SalesOrderID': data.orderId },
    'cac:BillingReference': referenceOf(data),
    'cac:AccountingSupplierParty': {
      'cac:Party': partyOf(data.seller.name, data.seller.address, data.seller.taxIdentifiers, { seller: true }),
    },
    'cac:AccountingCustomerParty': {
      'cac:Party': partyOf(buyerName(data), (data.billTo ?? data.shipTo)?.address ?? null, data.buyerTaxIdentifiers, {
        email: data.email,
      }),
    },
    'cac:Delivery': deliveryOf(data),
    'cac:PaymentMeans': data.payment ? { 'cbc:PaymentMeansCode': paymentCode(data.payment.method) } : undefined,
    'cac:AllowanceCharge': charges.map((charge) => ({
      'cbc:ChargeIndicator': charge.net >= 0,
      ...(charge.code ? { 'cbc:AllowanceChargeReasonCode': charge.code } : {}),
      'cbc:AllowanceChargeReason': charge.name(words),
      'cbc:Amount': money(Math.abs(charge.net)),
      'cac:TaxCategory': categoryXml(charge),
    })),
    'cac:TaxTotal': {
      'cbc:TaxAmount': money(totals.tax),
      'cac:TaxSubtotal': breakdownOf(lines, charges).map((group) => ({
        'cbc:TaxableAmount': money(group.net),
        'cbc:TaxAmount': money(group.tax),
        'cac:TaxCategory': categoryXml(group, reasonOf(group.category, reason, words)),
      })),
    },
    'cac:LegalMonetaryTotal': without({
      'cbc:LineExtensionAmount': money(sumOf(lines)),
      'cbc:TaxExclusiveAmount': money(net),
      'cbc:TaxInclusiveAmount': money(totals.total),
      'cbc:AllowanceTotalAmount': charges.some((each) => each.net < 0)
        ? money(-sumOf(charges.filter((each) => each.net < 0)))
        : undefined,
      'cbc:ChargeTotalAmount': charges.some((each) => each.net >= 0)
        ? money(sumOf(charges.filter((each) => each.net >= 0)))
        : undefined,
      'cbc:PrepaidAmount': money(totals.total),
      'cbc:PayableAmount': money(0),
    }),
    [kind === 'invoice' ? 'cac:InvoiceLine' : 'cac:CreditNoteLine']: lines.map((line, index) =>
      lineXml(line, index + 1, kind, money),
    ),
  })
}

type Amounts = Taxed & { net: number; tax: number }
type Line = Amounts & Pick<DocumentLine, 'name' | 'quantity'> & { off: number }
type Charge = Amounts & { name(words: DocumentWords): string; code: string | undefined }

/** The category of what bears tax at a rate, or none. */
const taxedAt = ({ exemption, taxes, reverseCharge }: DocumentData, rate: number): Taxed => {
  if (rate > 0) return { category: 'S', rate }
  const [category] = exemptCategories[exemption ?? (reverseCharge ? 'reverse_charge' : 'exempt')]
  // What is not subject to VAT stands alone: beside taxed lines it is exempt.
  return { category: category === 'O' && taxes.some((each) => each.rate > 0) ? 'E' : category, rate }
}

function toLines(data: DocumentData): Line[] {
  const lines = data.lines.filter(({ net, tax }) => data.kind === 'invoice' || net !== 0 || tax !== 0)
  return (lines.length > 0 ? lines : data.lines.slice(0, 1)).map(
    ({ name, quantity, net, taxRate, tax, discount = 0 }) => ({
      ...taxedAt(data, taxRate),
      name: name === '' ? data.orderId : name,
      quantity,
      net,
      tax,
      off: Math.round(discount / (data.taxInclusive ? 1 + taxRate : 1)),
    }),
  )
}

/** Charges by their rates, and what puts the goods of a tax that went back alone where they belong. */
function toChargesOf(data: DocumentData): Charge[] {
  const charges = (data.charges ?? []).map(
    ({ kind, net, rate, tax }): Charge => ({
      ...taxedAt(data, rate),
      net,
      tax,
      name: (words) => words[kind],
      code: chargeCodes[kind],
    }),
  )
  const moved = data.taxes.flatMap(({ rate, net, tax }): Charge[] => {
    const should = rate > 0 ? Math.round(tax / rate) : net
    // Up to one unit of the currency is what rounding by lines may come to.
    if (rate === 0 || Math.abs(net * rate - tax) < 10 ** exponentOf(data.currency)) return []
    const amount = should - net
    const entry = { name: (words: DocumentWords) => words.tax, code: undefined, tax: 0 }
    return [
      { ...entry, category: 'S', rate, net: amount },
      { ...entry, ...taxedAt(data, 0), net: -amount },
    ]
  })
  return [...charges, ...moved].filter(({ net, tax }) => net !== 0 || tax !== 0)
}

function breakdownOf(lines: readonly Line[], charges: readonly Charge[]): Amounts[] {
  const groups = Map.groupBy([...lines, ...charges], ({ category, rate }) => `${category} ${rate}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const { category, rate } = first
    const sum = (pick: (each: Amounts) => number) => group.reduce((total, each) => total + pick(each), 0)
    return [{ category, rate, net: sum(({ net }) => net), tax: sum(({ tax }) => tax) }]
  })
}

function lineXml(line: Line, number: number, kind: DocumentData['kind'], money: ReturnType<typeof moneyIn>): Xml {
  const pieces = line.quantity ?? 1
  return without({
    'cbc:ID': String(number),
    [kind === 'invoice' ? 'cbc:InvoicedQuantity' : 'cbc:CreditedQuantity']: { '@_unitCode': piece, '#text': pieces },
    'cbc:LineExtensionAmount': money(line.net),
    'cac:AllowanceCharge':
      line.off > 0
        ? {
            'cbc:ChargeIndicator': false,
            'cbc:AllowanceChargeReasonCode': '95',
            'cbc:AllowanceChargeReason': 'Discount',
            'cbc:Amount': money(line.off),
          }
        : undefined,
    'cac:Item': { 'cbc:Name': line.name, 'cac:ClassifiedTaxCategory': categoryXml(line) },
    'cac:Price': { 'cbc:PriceAmount': money((line.net + line.off) / pieces, 6) },
  })
}

const categoryXml = ({ category, rate }: Taxed, reason?: { code?: string | undefined; text: string }): Xml =>
  without({
    'cbc:ID': category,
    'cbc:Percent': category === 'O' ? undefined : Number((rate * 100).toFixed(4)),
    'cbc:TaxExemptionReasonCode': reason?.code,
    'cbc:TaxExemptionReason': reason?.text,
    'cac:TaxScheme': { 'cbc:ID': 'VAT' },
  })

type Reason = { category: VatCategory; code: string | undefined; text: string }

function exemptionReason({ exemption, reverseCharge }: DocumentData, language: string, words: DocumentWords): Reason {
  const phrases = documentPhrases[language] ?? documentPhrases.en
  const why = exemption ?? (reverseCharge ? 'reverse_charge' : 'exempt')
  const [category, code] = exemptCategories[why]
  const texts = {
    reverse_charge: words.reverseCharge,
    intra_community: phrases?.intraCommunity,
    export: phrases?.export,
    exempt: phrases?.exempt,
    outside: phrases?.outside,
  }
  return { category, code, text: texts[why] ?? '' }
}

const reasonOf = (category: VatCategory, reason: Reason, words: DocumentWords) => {
  if (category === 'S') return undefined
  return category === reason.category ? reason : { text: reason.category === 'O' ? reason.text : words.duties }
}

function referenceOf({ kind, invoiceNumber, invoiceIssuedAt, memoNumber }: DocumentData): Xml | undefined {
  const number = kind === 'credit_memo' ? invoiceNumber : memoNumber
  if (!number) return undefined
  return {
    'cac:InvoiceDocumentReference': without({
      'cbc:ID': number,
      'cbc:IssueDate': kind === 'credit_memo' && invoiceIssuedAt ? dateOf(invoiceIssuedAt) : undefined,
    }),
  }
}

/** Where and when it was delivered, which a supply within the Union has to say. */
const deliveryOf = ({ shipTo, issuedAt }: DocumentData): Xml | undefined =>
  shipTo?.address
    ? {
        'cbc:ActualDeliveryDate': dateOf(issuedAt),
        'cac:DeliveryLocation': { 'cac:Address': addressXml(shipTo.address) },
      }
    : undefined

const buyerName = ({ billTo, shipTo, email }: DocumentData): string =>
  billTo?.organization || billTo?.name || shipTo?.organization || shipTo?.name || email

type Identifier = { type: string; value: string }

function partyOf(
  name: string,
  address: Party['address'] | null,
  identifiers: readonly Identifier[],
  { seller = false, email }: { seller?: boolean; email?: string },
): Xml {
  // A VAT identifier begins with its country; what does not is a registration.
  const vat = identifiers.find(({ value }) => /^[A-Z]{2}/.test(value))
  const other = identifiers.find((each) => each !== vat)
  const scheme = (value: string, id: string) => ({ 'cbc:CompanyID': value, 'cac:TaxScheme': { 'cbc:ID': id } })
  return without({
    'cac:PartyName': { 'cbc:Name': name },
    'cac:PostalAddress': addressXml(address),
    'cac:PartyTaxScheme': [
      ...(vat ? [scheme(vat.value, 'VAT')] : []),
      ...(seller && other ? [scheme(other.value, 'TAX')] : []),
    ],
    'cac:PartyLegalEntity': without({
      'cbc:RegistrationName': name,
      'cbc:CompanyID': !vat && other ? other.value : undefined,
    }),
    'cac:Contact': email ? { 'cbc:ElectronicMail': email } : undefined,
  })
}

const addressXml = (address: Party['address'] | null | undefined): Xml =>
  without({
    'cbc:StreetName': address?.line1 || undefined,
    'cbc:AdditionalStreetName': address?.line2 || undefined,
    'cbc:CityName': address?.city || undefined,
    'cbc:PostalZone': address?.postalCode || undefined,
    'cbc:CountrySubentity': address?.state || undefined,
    // The code for a country that is not known.
    'cac:Country': { 'cbc:IdentificationCode': address?.country ?? 'ZZ' },
  })

/** UNCL4461: a card, a transfer, or something else that was agreed. */
const paymentCode = (method: string): string =>
  method === 'creditCard' ? '48' : method === 'wireTransfer' ? '30' : 'ZZZ'

const dateOf = (time: string): string => time.slice(0, 10)

const moneyIn = (currency: string) => (minor: number, decimals?: number) => ({
  '@_currencyID': currency,
  '#text':
    decimals === undefined
      ? decimalAmount(minor, currency)
      : String(Number((minor / 10 ** exponentOf(currency)).toFixed(decimals))),
})

const without = (xml: Xml): Xml => Object.fromEntries(Object.entries(xml).filter(([, value]) => value !== undefined))
