import { euCountries } from '../tax/places.ts'

/** What a seller's country wants said on its invoices, in its own language. */
const notes: Record<string, string> = {
  AT: 'Das Lieferdatum entspricht, sofern nicht anders angegeben, dem Rechnungsdatum. Alle Beträge sind bezahlt.',
  DE: 'Leistungsdatum ist, soweit nicht anders angegeben, das Rechnungsdatum. Der Betrag ist bezahlt.',
  FR: 'Date de la livraison : date de la facture, sauf mention contraire. Pas d’escompte pour paiement anticipé. Entre professionnels, tout retard de paiement entraîne des pénalités à trois fois le taux d’intérêt légal et une indemnité forfaitaire de 40 € pour frais de recouvrement (art. L441-10 et D441-5 du Code de commerce).',
  IT: 'Tra imprese, in caso di ritardo nel pagamento si applicano gli interessi di mora ai sensi del D.Lgs. 231/2002. La data di effettuazione dell’operazione è, salvo diversa indicazione, quella del documento.',
  ES: 'La fecha de la operación es, salvo indicación contraria, la de expedición. Entre empresas, la demora devenga los intereses de la Ley 3/2004.',
  NL: 'De leveringsdatum is, tenzij anders vermeld, de factuurdatum. Bij te late betaling tussen ondernemingen is de wettelijke handelsrente verschuldigd.',
  GB: 'The time of supply is the date of this document unless stated otherwise. Between businesses, late payment bears interest under the Late Payment of Commercial Debts (Interest) Act 1998.',
  US: 'Sales tax is shown where it was collected. Keep this document for your records.',
  CA: 'GST/HST, QST and PST are shown where they were collected, under the seller’s registration numbers above. / La TPS/TVH et la TVQ sont indiquées lorsqu’elles ont été perçues.',
  JP: '消費税額は税率ごとに合計して表示しています。適格請求書発行事業者の登録番号は販売者の欄に記載しています。',
  KR: '이 문서는 거래 명세를 위한 청구서이며, 부가가치세법에 따른 세금계산서를 대신하지 않습니다.',
  IL: 'מסמך זה מפרט את העסקה ואת המע״מ שנגבה בה; מספר העוסק של המוכר מופיע למעלה.',
  TH: 'เอกสารนี้แสดงภาษีมูลค่าเพิ่มแยกตามอัตราภาษี เลขประจำตัวผู้เสียภาษีของผู้ขายแสดงไว้ด้านบน',
}
const inUnion =
  'The date of supply is the date of this document unless stated otherwise. Between businesses, late payment bears the interest of Directive 2011/7/EU.'
const elsewhere = 'Taxes are shown where they were collected, by their rates.'

/** The legal note of a seller's country; a general one for the other member states of the European Union, and for everybody else. */
export function legalNoteOf(country: string | undefined): string {
  if (country === undefined) return elsewhere
  return notes[country] ?? (euCountries.some((member) => member === country) ? inUnion : elsewhere)
}
