import { he } from './words/he.ts'
import { it } from './words/it.ts'
import { ko } from './words/ko.ts'
import { nl } from './words/nl.ts'
import { th } from './words/th.ts'
import { zh } from './words/zh.ts'

/** What a document says around its data, in one language. */
export type DocumentWords = {
  invoice: string
  creditMemo: string
  number: string
  date: string
  order: string
  reference: string
  orderDate: string
  ofInvoice: string
  seller: string
  billTo: string
  shipTo: string
  taxId: string
  item: string
  quantity: string
  net: string
  taxRate: string
  tax: string
  goods: string
  shipping: string
  fees: string
  duties: string
  total: string
  credited: string
  discountIncluded: string
  taxed: string
  paidWith: string
  reverseCharge: string
  test: string
  page: string
  methods: Record<string, string>
}

const en: DocumentWords = {
  invoice: 'Invoice',
  creditMemo: 'Credit memo',
  number: 'Number',
  date: 'Date',
  order: 'Order',
  reference: 'Your reference',
  orderDate: 'Order date',
  ofInvoice: 'For invoice',
  seller: 'Sold by',
  billTo: 'Bill to',
  shipTo: 'Ship to',
  taxId: 'Tax ID',
  item: 'Item',
  quantity: 'Qty',
  net: 'Net amount',
  taxRate: 'Tax rate',
  tax: 'Tax',
  goods: 'Subtotal',
  shipping: 'Shipping',
  fees: 'Fees',
  duties: 'Duties',
  total: 'Total',
  credited: 'Total credited',
  discountIncluded: 'Discounts already deducted',
  taxed: 'Net',
  paidWith: 'Paid with',
  reverseCharge: 'Reverse charge: the tax is owed by the recipient.',
  test: 'TEST – this document was made in test mode and is not valid.',
  page: 'Page',
  methods: {
    creditCard: 'Credit card',
    wireTransfer: 'Bank transfer',
    customerCredit: 'Store credit',
    konbini: 'Konbini',
    bancontact: 'Bancontact',
  },
}

const de: DocumentWords = {
  invoice: 'Rechnung',
  creditMemo: 'Gutschrift (Rechnungskorrektur)',
  number: 'Nummer',
  date: 'Datum',
  order: 'Bestellung',
  reference: 'Ihr Zeichen',
  orderDate: 'Bestelldatum',
  ofInvoice: 'Zu Rechnung',
  seller: 'Verkäufer',
  billTo: 'Rechnungsadresse',
  shipTo: 'Lieferadresse',
  taxId: 'USt-IdNr. / Steuernummer',
  item: 'Artikel',
  quantity: 'Menge',
  net: 'Nettobetrag',
  taxRate: 'Steuersatz',
  tax: 'Steuer',
  goods: 'Zwischensumme',
  shipping: 'Versand',
  fees: 'Gebühren',
  duties: 'Zölle',
  total: 'Gesamtbetrag',
  credited: 'Gutgeschrieben',
  discountIncluded: 'Bereits abgezogene Rabatte',
  taxed: 'Netto',
  paidWith: 'Bezahlt mit',
  reverseCharge: 'Steuerschuldnerschaft des Leistungsempfängers.',
  test: 'TEST – dieses Dokument entstand im Testbetrieb und ist ungültig.',
  page: 'Seite',
  methods: {
    creditCard: 'Kreditkarte',
    wireTransfer: 'Überweisung',
    customerCredit: 'Guthaben',
    konbini: 'Konbini',
    bancontact: 'Bancontact',
  },
}

const fr: DocumentWords = {
  invoice: 'Facture',
  creditMemo: 'Avoir',
  number: 'Numéro',
  date: 'Date',
  order: 'Commande',
  reference: 'Votre référence',
  orderDate: 'Date de commande',
  ofInvoice: 'Pour la facture',
  seller: 'Vendu par',
  billTo: 'Adresse de facturation',
  shipTo: 'Adresse de livraison',
  taxId: 'N° fiscal / TVA',
  item: 'Article',
  quantity: 'Qté',
  net: 'Montant HT',
  taxRate: 'Taux',
  tax: 'Taxe',
  goods: 'Sous-total',
  shipping: 'Livraison',
  fees: 'Frais',
  duties: 'Droits de douane',
  total: 'Total',
  credited: 'Total crédité',
  discountIncluded: 'Remises déjà déduites',
  taxed: 'HT',
  paidWith: 'Payé par',
  reverseCharge: 'Autoliquidation : la taxe est due par le preneur.',
  test: 'TEST – ce document a été créé en mode test et n’est pas valable.',
  page: 'Page',
  methods: {
    creditCard: 'Carte bancaire',
    wireTransfer: 'Virement bancaire',
    customerCredit: 'Avoir',
    konbini: 'Konbini',
    bancontact: 'Bancontact',
  },
}

const es: DocumentWords = {
  invoice: 'Factura',
  creditMemo: 'Factura rectificativa',
  number: 'Número',
  date: 'Fecha',
  order: 'Pedido',
  reference: 'Su referencia',
  orderDate: 'Fecha del pedido',
  ofInvoice: 'De la factura',
  seller: 'Vendido por',
  billTo: 'Dirección de facturación',
  shipTo: 'Dirección de envío',
  taxId: 'NIF / n.º de IVA',
  item: 'Artículo',
  quantity: 'Cant.',
  net: 'Importe neto',
  taxRate: 'Tipo',
  tax: 'Impuesto',
  goods: 'Subtotal',
  shipping: 'Envío',
  fees: 'Tasas',
  duties: 'Aranceles',
  total: 'Total',
  credited: 'Total abonado',
  discountIncluded: 'Descuentos ya deducidos',
  taxed: 'Neto',
  paidWith: 'Pagado con',
  reverseCharge: 'Inversión del sujeto pasivo.',
  test: 'PRUEBA: este documento se creó en modo de prueba y no es válido.',
  page: 'Página',
  methods: {
    creditCard: 'Tarjeta de crédito',
    wireTransfer: 'Transferencia bancaria',
    customerCredit: 'Saldo a favor',
    konbini: 'Konbini',
    bancontact: 'Bancontact',
  },
}

const ja: DocumentWords = {
  invoice: '請求書',
  creditMemo: '返金明細書',
  number: '番号',
  date: '発行日',
  order: '注文番号',
  reference: 'お客様の参照番号',
  orderDate: '注文日',
  ofInvoice: '対象の請求書',
  seller: '販売者',
  billTo: '請求先',
  shipTo: 'お届け先',
  taxId: '登録番号',
  item: '品目',
  quantity: '数量',
  net: '税抜金額',
  taxRate: '税率',
  tax: '税額',
  goods: '小計',
  shipping: '送料',
  fees: '手数料',
  duties: '関税',
  total: '合計',
  credited: '返金合計',
  discountIncluded: '値引き済み額',
  taxed: '税抜',
  paidWith: 'お支払い方法',
  reverseCharge: 'リバースチャージ：消費税は受領者が申告・納付します。',
  test: 'テスト：この書類はテストモードで作成されたもので、無効です。',
  page: 'ページ',
  methods: {
    creditCard: 'クレジットカード',
    wireTransfer: '銀行振込',
    customerCredit: 'ストアクレジット',
    konbini: 'コンビニ払い',
    bancontact: 'Bancontact',
  },
}

const ar: DocumentWords = {
  invoice: 'فاتورة',
  creditMemo: 'إشعار دائن',
  number: 'الرقم',
  date: 'التاريخ',
  order: 'الطلب',
  reference: 'مرجعكم',
  orderDate: 'تاريخ الطلب',
  ofInvoice: 'للفاتورة',
  seller: 'البائع',
  billTo: 'عنوان الفاتورة',
  shipTo: 'عنوان الشحن',
  taxId: 'الرقم الضريبي',
  item: 'الصنف',
  quantity: 'الكمية',
  net: 'المبلغ الصافي',
  taxRate: 'نسبة الضريبة',
  tax: 'الضريبة',
  goods: 'المجموع الفرعي',
  shipping: 'الشحن',
  fees: 'الرسوم',
  duties: 'الرسوم الجمركية',
  total: 'الإجمالي',
  credited: 'إجمالي المبلغ المسترد',
  discountIncluded: 'خصومات محسومة',
  taxed: 'الصافي',
  paidWith: 'طريقة الدفع',
  reverseCharge: 'احتساب عكسي: الضريبة مستحقة على المستلم.',
  test: 'اختبار: أُنشئ هذا المستند في وضع الاختبار وهو غير صالح.',
  page: 'صفحة',
  methods: {
    creditCard: 'بطاقة ائتمان',
    wireTransfer: 'تحويل مصرفي',
    customerCredit: 'رصيد لدى البائع',
    konbini: 'Konbini',
    bancontact: 'Bancontact',
  },
}

const languages: Record<string, DocumentWords> = { en, de, fr, es, it, nl, ja, ko, zh, th, he, ar }

/** How a document is written. */
export type DocumentLanguage = {
  /** Of the words, such as `de`. */
  language: string
  words: DocumentWords
  direction: 'ltr' | 'rtl'
  /** The BCP 47 tag that numbers, dates and countries follow, such as `de-AT`. */
  tag: string
}

/** The language of an order's locale such as `de_AT`; English where its language or the locale itself is not known. */
export function languageOf(locale: string): DocumentLanguage {
  const parsed = parseLocale(locale)
  const language = parsed?.language ?? 'en'
  const words = languages[language]
  if (!words) return { language: 'en', words: en, direction: 'ltr', tag: parsed?.region ? `en-${parsed.region}` : 'en' }
  return {
    language,
    words,
    direction: language === 'ar' || language === 'he' ? 'rtl' : 'ltr',
    tag: parsed?.baseName ?? 'en',
  }
}

function parseLocale(locale: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(locale.replaceAll('_', '-'))
  } catch {
    return undefined
  }
}
