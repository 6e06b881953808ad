import type { BalanceEntryType } from '../payouts/list-balance-entries.ts'

/** What a statement says around its numbers, in one language. */
export type StatementWords = {
  statement: string
  period: string
  opening: string
  closing: string
  date: string
  what: string
  order: string
  amount: string
  balance: string
  page: string
  nothing: string
  types: Record<BalanceEntryType, string>
}

/** In English, which pages are written in. */
export const englishWords: StatementWords = {
  statement: 'Statement',
  period: 'Period',
  opening: 'Opening balance',
  closing: 'Closing balance',
  date: 'Date',
  what: 'Entry',
  order: 'Order',
  amount: 'Amount',
  balance: 'Balance',
  page: 'Page',
  nothing: 'Nothing was booked in this month.',
  types: {
    sale: 'Sale',
    refund: 'Refund',
    refund_failed: 'Refund that failed',
    dispute: 'Lost dispute',
    transfer: 'Transfer to your account',
    transfer_reversed: 'Transfer taken back',
    settlement: 'Settled outside',
    payout: 'Payout',
    payout_failed: 'Payout that came back',
    cost: 'Fee or cost',
    correction: 'Correction',
  },
}

const de: StatementWords = {
  statement: 'Kontoauszug',
  period: 'Zeitraum',
  opening: 'Anfangssaldo',
  closing: 'Endsaldo',
  date: 'Datum',
  what: 'Buchung',
  order: 'Bestellung',
  amount: 'Betrag',
  balance: 'Saldo',
  page: 'Seite',
  nothing: 'In diesem Monat wurde nichts gebucht.',
  types: {
    sale: 'Verkauf',
    refund: 'Erstattung',
    refund_failed: 'Fehlgeschlagene Erstattung',
    dispute: 'Verlorene Rückbelastung',
    transfer: 'Überweisung auf Ihr Konto',
    transfer_reversed: 'Zurückgeholte Überweisung',
    settlement: 'Außerhalb abgerechnet',
    payout: 'Auszahlung',
    payout_failed: 'Zurückgekommene Auszahlung',
    cost: 'Gebühr oder Kosten',
    correction: 'Korrektur',
  },
}

const fr: StatementWords = {
  statement: 'Relevé',
  period: 'Période',
  opening: 'Solde initial',
  closing: 'Solde final',
  date: 'Date',
  what: 'Écriture',
  order: 'Commande',
  amount: 'Montant',
  balance: 'Solde',
  page: 'Page',
  nothing: 'Aucune écriture ce mois-ci.',
  types: {
    sale: 'Vente',
    refund: 'Remboursement',
    refund_failed: 'Remboursement échoué',
    dispute: 'Litige perdu',
    transfer: 'Virement sur votre compte',
    transfer_reversed: 'Virement repris',
    settlement: 'Réglé par ailleurs',
    payout: 'Versement',
    payout_failed: 'Versement retourné',
    cost: 'Frais ou coût',
    correction: 'Correction',
  },
}

const es: StatementWords = {
  statement: 'Extracto',
  period: 'Período',
  opening: 'Saldo inicial',
  closing: 'Saldo final',
  date: 'Fecha',
  what: 'Asiento',
  order: 'Pedido',
  amount: 'Importe',
  balance: 'Saldo',
  page: 'Página',
  nothing: 'No se registró nada en este mes.',
  types: {
    sale: 'Venta',
    refund: 'Reembolso',
    refund_failed: 'Reembolso fallido',
    dispute: 'Disputa perdida',
    transfer: 'Transferencia a su cuenta',
    transfer_reversed: 'Transferencia revertida',
    settlement: 'Liquidado fuera',
    payout: 'Pago',
    payout_failed: 'Pago devuelto',
    cost: 'Comisión o coste',
    correction: 'Corrección',
  },
}

const ja: StatementWords = {
  statement: '取引明細書',
  period: '対象期間',
  opening: '期首残高',
  closing: '期末残高',
  date: '日付',
  what: '内容',
  order: '注文',
  amount: '金額',
  balance: '残高',
  page: 'ページ',
  nothing: 'この月の記帳はありません。',
  types: {
    sale: '売上',
    refund: '返金',
    refund_failed: '返金失敗',
    dispute: '不審請求の敗訴',
    transfer: '口座への送金',
    transfer_reversed: '送金の取消',
    settlement: '外部精算',
    payout: '支払',
    payout_failed: '支払の返送',
    cost: '手数料・費用',
    correction: '訂正',
  },
}

const ar: StatementWords = {
  statement: 'كشف حساب',
  period: 'الفترة',
  opening: 'الرصيد الافتتاحي',
  closing: 'الرصيد الختامي',
  date: 'التاريخ',
  what: 'القيد',
  order: 'الطلب',
  amount: 'المبلغ',
  balance: 'الرصيد',
  page: 'صفحة',
  nothing: 'لم يُقيَّد شيء في هذا الشهر.',
  types: {
    sale: 'بيع',
    refund: 'استرداد',
    refund_failed: 'استرداد فاشل',
    dispute: 'نزاع خاسر',
    transfer: 'تحويل إلى حسابك',
    transfer_reversed: 'تحويل مسترجع',
    settlement: 'تسوية خارجية',
    payout: 'دفعة',
    payout_failed: 'دفعة مرتجعة',
    cost: 'رسوم أو تكلفة',
    correction: 'تصحيح',
  },
}

/** By language, as documents have them. */
export const statementWords: Record<string, StatementWords> = { en: englishWords, de, fr, es, ja, ar }
