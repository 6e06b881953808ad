import { languageOf } from '../../../notifications/mail-texts.ts'
import { arabic } from './texts/ar.ts'
import { german } from './texts/de.ts'
import { english } from './texts/en.ts'
import { spanish } from './texts/es.ts'
import { french } from './texts/fr.ts'
import { japanese } from './texts/ja.ts'

/** What a form of a buyer can have wrong in it. */
export type Mistake = 'emailWrong' | 'emailLong' | 'nameLong' | 'nameLine' | 'methodWrong'

/** What a checkout link refuses in a way that its buyer can do something about. */
export type BuyerRefusal =
  | 'payment_method_unavailable'
  | 'payment_under_way'
  | 'payment_refused'
  | 'provider_unavailable'
  | 'price_changed'
  | 'out_of_stock'
  | 'quantity_not_sold'
  | 'coupon_not_valid'
  | 'coupon_minimum_not_met'
  | 'coupon_not_applicable'
  | 'tax_location_required'
  | 'selling_entity_not_found'
  | 'selling_entity_missing'
  | 'tax_rates_missing'
  | 'merchant_share_negative'

/** Why a buyer gets another page than the one that was asked for; `other` is for what has no words of its own. */
export type BuyerProblem =
  | 'no_offer'
  | 'link_expired'
  | 'link_used_up'
  | 'not_found'
  | 'order_not_payable'
  | 'payment_under_way'
  | 'payment_refused'
  | 'payment_method_unavailable'
  | 'provider_unavailable'
  | 'database_unavailable'
  | 'too_many_requests'
  | 'forbidden'
  | 'payload_too_large'
  | 'internal_server_error'
  | 'other'

/** Every word of the checkout page, the page to pay on, and a link's order page, in one language. */
export type BuyerTexts = {
  free: string
  includesTax: (amount: string) => string
  includesSomeTax: string
  addsTax: string
  email: string
  emailHint: string
  name: string
  country: string
  choose: string
  state: string
  postalCode: string
  showTax: string
  howToPay: string
  getItNow: string
  pay: (amount: string) => string
  payButton: string
  haveCode: string
  code: string
  showCode: string
  notPayable: string
  checkFields: string
  card: string
  payHere: string
  payElsewhere: string
  orBelow: string
  needsScript: string
  formFailed: string
  backToOrder: string
  testMode: string
  youOrdered: string
  amount: string
  mail: string
  order: string
  invoices: string
  keepAddress: string
  claim: (amount: string) => string
  claimHint: string
  checked: string
  checkedHint: string
  refused: string
  refusedHint: string
  otherWay: string
  confirming: string
  confirmingHint: string
  notPaidYet: string
  continuePaying: string
  waiting: string
  waitingHint: string
  failed: string
  declined: string
  failedHint: string
  tryAgain: string
  soldOut: string
  soldOutHint: string
  cancelled: string
  moneyBack: string
  notPaid: string
  orderAgain: string
  refunded: string
  refundedHint: string
  withdrawn: string
  withdrawnHint: string
  here: string
  delivered: string
  deliveredHint: string
  preparing: string
  preparingHint: string
  download: string
  open: string
  whatYouBought: string
  copy: string
  terms: string
  privacy: string
  imprint: string
  support: string
  quantity: string
  showPrice: string
  discount: string
  tax: string
  shipping: string
  total: string
  quantityRange: (range: { min: number; max: number }) => string
  fewerLeft: (left: number) => string
  findOrders: string
  problems: Record<BuyerProblem, readonly [title: string, sentence: string]>
  mistakes: Record<Mistake, string>
  refusals: Record<BuyerRefusal, string>
}

const languages: Record<string, BuyerTexts> = {
  ar: arabic,
  de: german,
  en: english,
  es: spanish,
  fr: french,
  ja: japanese,
}

/** The words for a reader of a locale, with the language that they are in and the way it runs; English where we do not speak it. */
export function buyerTextsOf(locale: string): { language: string; direction: 'ltr' | 'rtl'; words: BuyerTexts } {
  const { language, direction } = languageOf(locale)
  return { language, direction, words: languages[language] ?? english }
}

/** Whether a buyer can do something about a refusal. */
export const isBuyerRefusal = (code: string): code is BuyerRefusal => Object.hasOwn(english.refusals, code)

/** The words for a refusal that is a page of its own. */
export const isBuyerProblem = (code: string): code is BuyerProblem => Object.hasOwn(english.problems, code)
