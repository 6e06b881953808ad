/** Why a card was declined, as far as a buyer may know and can do something about it. */
const reasons = ['insufficientFunds', 'expired', 'wrongCode', 'wrongNumber', 'notConfirmed', 'notSupported'] as const
type Reason = (typeof reasons)[number]

/**
 * The providers' words for them. Any other, such as a stolen card's, is told in general: whoever holds the card learns nothing of it.
 * https://docs.stripe.com/declines/codes
 */
const reasonOfCode: Record<string, Reason> = {
  insufficient_funds: 'insufficientFunds',
  card_velocity_exceeded: 'insufficientFunds',
  withdrawal_count_limit_exceeded: 'insufficientFunds',
  expired_card: 'expired',
  invalid_expiry_month: 'expired',
  invalid_expiry_year: 'expired',
  incorrect_cvc: 'wrongCode',
  invalid_cvc: 'wrongCode',
  incorrect_number: 'wrongNumber',
  invalid_number: 'wrongNumber',
  authentication_required: 'notConfirmed',
  payment_intent_authentication_failure: 'notConfirmed',
  setup_intent_authentication_failure: 'notConfirmed',
  card_not_supported: 'notSupported',
  currency_not_supported: 'notSupported',
}

const sentences: Record<string, Record<Reason | 'general', string>> = {
  en: {
    insufficientFunds: 'The card has not enough money for this, or has reached a limit. Nothing was charged.',
    expired: 'The card has expired, or its expiry date is not right. Nothing was charged.',
    wrongCode: 'The security code of the card is not right. Nothing was charged.',
    wrongNumber: 'The number of the card is not right. Nothing was charged.',
    notConfirmed: 'The bank wanted you to confirm the payment, and it was not confirmed. Nothing was charged.',
    notSupported: 'The card cannot be used for this purchase or currency. Nothing was charged.',
    general: 'The payment was declined, and nothing was charged.',
  },
  de: {
    insufficientFunds: 'Die Karte ist dafür nicht gedeckt oder hat ein Limit erreicht. Es wurde nichts abgebucht.',
    expired: 'Die Karte ist abgelaufen, oder ihr Ablaufdatum stimmt nicht. Es wurde nichts abgebucht.',
    wrongCode: 'Die Prüfnummer der Karte stimmt nicht. Es wurde nichts abgebucht.',
    wrongNumber: 'Die Kartennummer stimmt nicht. Es wurde nichts abgebucht.',
    notConfirmed: 'Die Bank verlangte eine Bestätigung der Zahlung, und sie blieb aus. Es wurde nichts abgebucht.',
    notSupported: 'Die Karte gilt nicht für diesen Kauf oder diese Währung. Es wurde nichts abgebucht.',
    general: 'Die Zahlung wurde abgelehnt, und es wurde nichts abgebucht.',
  },
  fr: {
    insufficientFunds: 'Le solde ou un plafond de la carte ne suffit pas. Rien n’a été débité.',
    expired: 'La carte a expiré ou sa date d’expiration est inexacte. Rien n’a été débité.',
    wrongCode: 'Le code de sécurité de la carte est inexact. Rien n’a été débité.',
    wrongNumber: 'Le numéro de la carte est inexact. Rien n’a été débité.',
    notConfirmed: 'La banque demandait de confirmer le paiement, et il n’a pas été confirmé. Rien n’a été débité.',
    notSupported: 'La carte ne convient pas pour cet achat ou cette devise. Rien n’a été débité.',
    general: 'Le paiement a été refusé, et rien n’a été débité.',
  },
  es: {
    insufficientFunds: 'La tarjeta no tiene fondos suficientes o ha alcanzado un límite. No se ha cobrado nada.',
    expired: 'La tarjeta ha caducado o su fecha de caducidad no es correcta. No se ha cobrado nada.',
    wrongCode: 'El código de seguridad de la tarjeta no es correcto. No se ha cobrado nada.',
    wrongNumber: 'El número de la tarjeta no es correcto. No se ha cobrado nada.',
    notConfirmed: 'El banco pidió confirmar el pago y no se confirmó. No se ha cobrado nada.',
    notSupported: 'La tarjeta no sirve para esta compra o esta moneda. No se ha cobrado nada.',
    general: 'El pago fue rechazado y no se ha cobrado nada.',
  },
  ja: {
    insufficientFunds: 'カードの残高が足りないか、利用限度額に達しています。請求は行われていません。',
    expired: 'カードの有効期限が切れているか、正しくありません。請求は行われていません。',
    wrongCode: 'カードのセキュリティコードが正しくありません。請求は行われていません。',
    wrongNumber: 'カード番号が正しくありません。請求は行われていません。',
    notConfirmed: '銀行が求めた本人確認が完了しませんでした。請求は行われていません。',
    notSupported: 'このカードは、この購入または通貨にはご利用いただけません。請求は行われていません。',
    general: 'お支払いは承認されませんでした。請求は行われていません。',
  },
  ar: {
    insufficientFunds: 'رصيد البطاقة لا يكفي أو بلغت حدًّا لها. لم يُخصم شيء.',
    expired: 'انتهت صلاحية البطاقة أو تاريخ انتهائها غير صحيح. لم يُخصم شيء.',
    wrongCode: 'رمز أمان البطاقة غير صحيح. لم يُخصم شيء.',
    wrongNumber: 'رقم البطاقة غير صحيح. لم يُخصم شيء.',
    notConfirmed: 'طلب المصرف تأكيد الدفعة ولم تُؤكَّد. لم يُخصم شيء.',
    notSupported: 'لا يمكن استخدام البطاقة لهذا الشراء أو لهذه العملة. لم يُخصم شيء.',
    general: 'رُفضت الدفعة ولم يُخصم شيء.',
  },
}

const wordsIn = (language: string) => (sentences[language] ?? sentences.en) as Record<Reason | 'general', string>

/** What a buyer reads of a declined payment, in one of the languages of buyers, instead of the provider's own words. */
export function declineWords(language: string, failureCode: string | null): string {
  const reason =
    failureCode !== null && Object.hasOwn(reasonOfCode, failureCode) ? reasonOfCode[failureCode] : undefined
  return wordsIn(language)[reason ?? 'general']
}

/** The sentence for each code that has one, and `general` for the rest: for a page that hears of a refusal by itself. */
export const declineWordsByCode = (language: string): Record<string, string> => ({
  ...Object.fromEntries(Object.keys(reasonOfCode).map((code) => [code, declineWords(language, code)])),
  general: wordsIn(language).general,
})
