import type Stripe from 'stripe'
import type { NextAction, TransferInstructions } from '../observations.ts'
import { fromStripe } from './stripe-amounts.ts'

type Instructions = Stripe.PaymentIntent.NextAction.DisplayBankTransferInstructions

/** What the buyer has to do, in our words; undefined for actions that only Stripe's own script in a browser can take. */
export function nextActionOf(next: Stripe.PaymentIntent.NextAction | null, currency: string): NextAction | undefined {
  switch (next?.type) {
    case 'redirect_to_url': {
      const url = next.redirect_to_url?.url
      return url ? { action: 'redirect', redirectUrl: url } : undefined
    }
    case 'konbini_display_details': {
      const details = next.konbini_display_details
      return details && { action: 'show_payment_instructions', ...voucherOf(details) }
    }
    case 'display_bank_transfer_instructions': {
      const instructions = next.display_bank_transfer_instructions
      return (
        instructions && {
          action: 'show_payment_instructions',
          amountRemaining: fromStripe(instructions.amount_remaining ?? 0, currency),
          wireTransfer: transferOf(instructions),
        }
      )
    }
    default:
      return undefined
  }
}

function voucherOf(details: Stripe.PaymentIntent.NextAction.KonbiniDisplayDetails) {
  const stores = Object.entries(details.stores).flatMap(([store, numbers]) =>
    numbers
      ? [{ store, paymentCode: numbers.payment_code, confirmationNumber: numbers.confirmation_number ?? undefined }]
      : [],
  )
  return {
    expiresAt: new Date(details.expires_at * 1000).toISOString(),
    konbini: { stores, voucherUrl: details.hosted_voucher_url ?? undefined },
  }
}

const countries: Record<string, string> = {
  jp_bank_transfer: 'JP',
  us_bank_transfer: 'US',
  gb_bank_transfer: 'GB',
  mx_bank_transfer: 'MX',
}

/** The first account that Stripe names is the one it recommends. */
function transferOf(instructions: Instructions): TransferInstructions {
  const [address] = instructions.financial_addresses ?? []
  const { aba, iban, sort_code: sortCode, spei, swift, zengin } = address ?? {}
  const common = {
    country: iban?.country ?? countries[instructions.type] ?? '',
    referenceId: instructions.reference ?? '',
    instructionsUrl: instructions.hosted_instructions_url ?? undefined,
  }
  const holder = (account: { account_holder_name: string | null }) => account.account_holder_name ?? undefined
  if (iban) return { ...common, accountHolder: holder(iban), iban: iban.iban, swiftCode: iban.bic }
  if (aba)
    return {
      ...common,
      accountHolder: holder(aba),
      bankName: aba.bank_name,
      accountNumber: aba.account_number,
      routingNumber: aba.routing_number,
    }
  if (swift)
    return {
      ...common,
      accountHolder: holder(swift),
      bankName: swift.bank_name,
      accountNumber: swift.account_number,
      swiftCode: swift.swift_code,
    }
  if (sortCode)
    return {
      ...common,
      accountHolder: holder(sortCode),
      accountNumber: sortCode.account_number,
      routingNumber: sortCode.sort_code,
    }
  if (spei) return { ...common, accountHolder: holder(spei), bankName: spei.bank_name, accountNumber: spei.clabe }
  if (zengin)
    return {
      ...common,
      accountHolder: holder(zengin),
      bankName: zengin.bank_name ?? undefined,
      accountNumber: zengin.account_number ?? undefined,
      routingNumber: `${zengin.bank_code ?? ''}-${zengin.branch_code ?? ''}`,
    }
  return common
}
