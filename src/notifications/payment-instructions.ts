import type { VoucherStore } from '../providers/observations.ts'
import type { MailBlock } from './mail-content.ts'
import { type Fact, type Formats, facts } from './mail-formats.ts'
import type { MailOrder } from './mail-order.ts'

const storeNames: Record<string, string> = {
  familymart: 'FamilyMart',
  lawson: 'Lawson',
  ministop: 'Ministop',
  seicomart: 'Seicomart',
}

/** Where, how much and until when a buyer has to pay; undefined when there is nothing to pay in that way (any more). */
export function instructionBlocks(
  order: MailOrder,
  { texts, money, moment, locale }: Formats,
): MailBlock[] | undefined {
  const charge = order.charges.at(-1)
  const action = charge?.nextAction
  if (!charge || action?.action !== 'show_payment_instructions') return
  const { konbini, wireTransfer } = action
  const deadline = action.expiresAt ?? order.expiresAt
  const due: Fact[] = [
    ['amountDue', money(action.amountRemaining ?? charge.amount)],
    ['deadline', deadline ? moment(deadline) : undefined],
  ]
  const url = konbini?.voucherUrl ?? wireTransfer?.instructionsUrl
  return [
    facts(texts, due),
    ...(konbini?.stores ?? []).map((store) => facts(texts, numbersOf(store))),
    ...(wireTransfer
      ? [
          facts(texts, [
            ['accountHolder', wireTransfer.accountHolder],
            ['bank', wireTransfer.bankName],
            ['iban', wireTransfer.iban],
            ['accountNumber', wireTransfer.accountNumber],
            ['bic', wireTransfer.swiftCode],
            ['routingNumber', wireTransfer.routingNumber],
            ['bankCountry', countryOf(wireTransfer.country, locale)],
            ['reference', wireTransfer.referenceId],
          ]),
        ]
      : []),
    ...(url ? [{ type: 'link', label: texts.labels.instructions, url } as const] : []),
  ]
}

const numbersOf = ({ store, paymentCode, confirmationNumber }: VoucherStore): Fact[] => [
  ['store', storeNames[store] ?? store],
  ['paymentCode', paymentCode],
  ['confirmationNumber', confirmationNumber],
]

const countryOf = (country: string, locale: string) =>
  country ? new Intl.DisplayNames(locale, { type: 'region' }).of(country) : undefined
