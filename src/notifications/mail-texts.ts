import type { BuyerMailKind } from '../orders/notify-buyer.ts'
import type { AnySourceType } from '../providers/source-types.ts'
import { arabic } from './texts/ar.ts'
import { german } from './texts/de.ts'
import { english } from './texts/en.ts'
import { spanish } from './texts/es.ts'
import { french } from './texts/fr.ts'
import { japanese } from './texts/ja.ts'

export type LabelName =
  | 'order'
  | 'orderedOn'
  | 'cancelledOn'
  | 'method'
  | 'shipping'
  | 'tax'
  | 'duty'
  | 'fees'
  | 'total'
  | 'totalCancelled'
  | 'billTo'
  | 'shipTo'
  | 'contact'
  | 'store'
  | 'paymentCode'
  | 'confirmationNumber'
  | 'accountHolder'
  | 'bank'
  | 'accountNumber'
  | 'iban'
  | 'bic'
  | 'routingNumber'
  | 'bankCountry'
  | 'reference'
  | 'amountDue'
  | 'deadline'
  | 'amountRefunded'
  | 'instructions'
  | 'invoiceNumber'
  | 'invoice'
  | 'creditMemo'
  | 'eInvoice'
  | 'amountToClaim'
  | 'claim'
  | 'carrier'
  | 'trackingNumber'
  | 'track'
  | 'orderPage'

/** Every word of the mails in one language. */
export type MailTexts = {
  greeting: (name: string | undefined) => string
  subjects: Record<BuyerMailKind, (of: { shop: string; order: string }) => string>
  openings: Record<BuyerMailKind, string>
  labels: Record<LabelName, string>
  methods: Record<AnySourceType, string>
  nothingCollected: string
  givenBack: (amount: string) => string
  cardEnding: (card: string, digits: string) => string
  questions: string
}

const languages: Record<string, MailTexts> = {
  ar: arabic,
  de: german,
  en: english,
  es: spanish,
  fr: french,
  ja: japanese,
}

const rightToLeft = new Set(['ar'])

export type MailLanguage = {
  /** BCP 47, of the words. */
  language: string
  direction: 'ltr' | 'rtl'
  texts: MailTexts
  /** BCP 47, of numbers and dates: the region decides how they look. */
  locale: string
}

/** The language of an order's locale such as `de_AT`; English where we do not speak it. */
export function languageOf(orderLocale: string): MailLanguage {
  const tag = orderLocale.replace('_', '-')
  const language = tag.split('-', 1)[0]?.toLowerCase() ?? ''
  const texts = languages[language]
  if (!texts) return { language: 'en', direction: 'ltr', texts: english, locale: 'en' }
  return {
    language,
    direction: rightToLeft.has(language) ? 'rtl' : 'ltr',
    texts,
    locale: isLocale(tag) ? tag : language,
  }
}

function isLocale(tag: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag).length > 0
  } catch {
    return false
  }
}
