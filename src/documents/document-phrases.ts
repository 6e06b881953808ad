/** What a document says beside its figures: what it refers to, and why a sale bears no tax. */
export type DocumentPhrases = {
  reason: string
  exchangeOf: string
  ofMemo: string
  lineDiscount: string
  intraCommunity: string
  export: string
  exempt: string
  outside: string
}

/** By the language of a document's words. */
export const documentPhrases: Record<string, DocumentPhrases> = {
  en: {
    reason: 'Reason',
    exchangeOf: 'In exchange for goods of order',
    ofMemo: 'Takes back credit memo',
    lineDiscount: 'Discount',
    intraCommunity: 'VAT-exempt intra-Community supply of goods.',
    export: 'Export of goods, free of tax.',
    exempt: 'Exempt from tax.',
    outside: 'No tax of the seller’s is due at the place of this sale.',
  },
  de: {
    reason: 'Grund',
    exchangeOf: 'Ersatz für Ware der Bestellung',
    ofMemo: 'Nimmt Gutschrift zurück',
    lineDiscount: 'Rabatt',
    intraCommunity: 'Steuerfreie innergemeinschaftliche Lieferung.',
    export: 'Steuerfreie Ausfuhrlieferung.',
    exempt: 'Steuerbefreit.',
    outside: 'Der Umsatz unterliegt keiner vom Verkäufer geschuldeten Steuer.',
  },
  fr: {
    reason: 'Motif',
    exchangeOf: 'En échange d’articles de la commande',
    ofMemo: 'Annule l’avoir',
    lineDiscount: 'Remise',
    intraCommunity: 'Exonération de TVA : livraison intracommunautaire.',
    export: 'Exonération de TVA : exportation.',
    exempt: 'Exonéré de taxe.',
    outside: 'Aucune taxe n’est due par le vendeur au lieu de cette vente.',
  },
  es: {
    reason: 'Motivo',
    exchangeOf: 'A cambio de artículos del pedido',
    ofMemo: 'Anula la factura rectificativa',
    lineDiscount: 'Descuento',
    intraCommunity: 'Entrega intracomunitaria exenta de IVA.',
    export: 'Exportación exenta de IVA.',
    exempt: 'Exento de impuestos.',
    outside: 'El vendedor no debe impuesto alguno en el lugar de esta venta.',
  },
  it: {
    reason: 'Motivo',
    exchangeOf: 'In cambio di merce dell’ordine',
    ofMemo: 'Annulla la nota di credito',
    lineDiscount: 'Sconto',
    intraCommunity: 'Cessione intracomunitaria non imponibile.',
    export: 'Cessione all’esportazione non imponibile.',
    exempt: 'Esente da imposta.',
    outside: 'Nessuna imposta è dovuta dal venditore nel luogo di questa vendita.',
  },
  nl: {
    reason: 'Reden',
    exchangeOf: 'In ruil voor goederen van bestelling',
    ofMemo: 'Herroept creditfactuur',
    lineDiscount: 'Korting',
    intraCommunity: 'Intracommunautaire levering, btw-vrijgesteld.',
    export: 'Uitvoer van goederen, btw-vrijgesteld.',
    exempt: 'Vrijgesteld van btw.',
    outside: 'Op de plaats van deze verkoop is de verkoper geen btw verschuldigd.',
  },
  ja: {
    reason: '理由',
    exchangeOf: '交換元の注文',
    ofMemo: '取り消す返金明細書',
    lineDiscount: '値引き',
    intraCommunity: '域内供給につき付加価値税免除。',
    export: '輸出免税。',
    exempt: '非課税。',
    outside: 'この取引の場所において販売者が納める税はありません。',
  },
  ko: {
    reason: '사유',
    exchangeOf: '교환 원주문',
    ofMemo: '취소하는 환불 명세서',
    lineDiscount: '할인',
    intraCommunity: '역내 공급으로 부가가치세 면제.',
    export: '수출 영세율.',
    exempt: '면세.',
    outside: '이 거래 장소에서 판매자가 납부할 세금이 없습니다.',
  },
  zh: {
    reason: '原因',
    exchangeOf: '换货的原订单',
    ofMemo: '撤销的贷项通知单',
    lineDiscount: '折扣',
    intraCommunity: '共同体内部供货，免征增值税。',
    export: '货物出口，免税。',
    exempt: '免税。',
    outside: '销售方在本次销售地无应缴税款。',
  },
  th: {
    reason: 'เหตุผล',
    exchangeOf: 'แลกเปลี่ยนสินค้าของคำสั่งซื้อ',
    ofMemo: 'ยกเลิกใบลดหนี้',
    lineDiscount: 'ส่วนลด',
    intraCommunity: 'การขายสินค้าภายในสหภาพยุโรป ได้รับยกเว้นภาษี',
    export: 'การส่งออกสินค้า อัตราภาษีร้อยละศูนย์',
    exempt: 'ได้รับยกเว้นภาษี',
    outside: 'ผู้ขายไม่มีภาษีที่ต้องชำระ ณ สถานที่ขาย',
  },
  he: {
    reason: 'סיבה',
    exchangeOf: 'במקום טובין מהזמנה',
    ofMemo: 'מבטל הודעת זיכוי',
    lineDiscount: 'הנחה',
    intraCommunity: 'אספקה פנים־קהילתית פטורה ממע״מ.',
    export: 'ייצוא טובין, פטור ממס.',
    exempt: 'פטור ממס.',
    outside: 'המוכר אינו חייב במס במקום מכירה זו.',
  },
  ar: {
    reason: 'السبب',
    exchangeOf: 'بدلاً من سلع الطلب',
    ofMemo: 'يلغي الإشعار الدائن',
    lineDiscount: 'خصم',
    intraCommunity: 'توريد داخل الاتحاد معفى من ضريبة القيمة المضافة.',
    export: 'تصدير سلع معفى من الضريبة.',
    exempt: 'معفى من الضريبة.',
    outside: 'لا تستحق ضريبة على البائع في مكان هذا البيع.',
  },
}
