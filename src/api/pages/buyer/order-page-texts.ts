import type { MailLanguage } from '../../../notifications/mail-texts.ts'
import type { Standing } from '../../../order-view/order-standing.ts'

/** Where a parcel or print job stands. */
export type ParcelStanding = 'prepared' | 'onItsWay' | 'delivered' | 'problem'

/** Every word of an order's page that the mails do not have. */
export type OrderPageTexts = {
  standings: Record<Standing, string>
  parcels: Record<ParcelStanding, string>
  items: string
  parcelsTitle: string
  papers: string
  invoiceName: string
  creditMemoName: string
  discount: string
  refunded: string
  download: string
  open: string
  copy: string
  withdrawn: string
  keepAddress: string
  findTitle: string
  findHint: string
  email: string
  findButton: string
  findDone: string
  emailWrong: string
}

const en: OrderPageTexts = {
  standings: {
    unpaid: 'Waiting for your payment',
    checked: 'Your payment is being checked',
    preparing: 'Thank you! Your order is being prepared',
    partly: 'A part of your order is here or on its way',
    onItsWay: 'Your order is on its way',
    handedOver: 'Thank you! Your order is complete',
    refunded: 'Refunded',
    cancelled: 'This order was cancelled',
    soldOut: 'Sold out; your money goes back to you',
    refused: 'This order was not accepted',
  },
  parcels: {
    prepared: 'being prepared',
    onItsWay: 'on its way',
    delivered: 'delivered',
    problem: 'delayed; the seller is looking into it',
  },
  items: 'What you ordered',
  parcelsTitle: 'Parcels',
  papers: 'Invoices',
  invoiceName: 'Invoice',
  creditMemoName: 'Credit memo',
  discount: 'Discount',
  refunded: 'Given back',
  download: 'Download',
  open: 'Open',
  copy: 'Copy the text',
  withdrawn: 'no longer available',
  keepAddress: 'Keep the address of this page: it is how you come back to your order.',
  findTitle: 'Find your orders',
  findHint: 'We send you the addresses of your orders by mail, with their downloads and invoices.',
  email: 'The email address that you ordered with',
  findButton: 'Send me my orders',
  findDone: 'If something was ordered with this address, a mail is on its way to it.',
  emailWrong: 'Please enter an email address, such as ada@example.com.',
}

const de: OrderPageTexts = {
  standings: {
    unpaid: 'Wir warten auf Ihre Zahlung',
    checked: 'Ihre Zahlung wird geprüft',
    preparing: 'Vielen Dank! Ihre Bestellung wird vorbereitet',
    partly: 'Ein Teil Ihrer Bestellung ist da oder unterwegs',
    onItsWay: 'Ihre Bestellung ist unterwegs',
    handedOver: 'Vielen Dank! Ihre Bestellung ist vollständig',
    refunded: 'Erstattet',
    cancelled: 'Diese Bestellung wurde storniert',
    soldOut: 'Ausverkauft; Sie erhalten Ihr Geld zurück',
    refused: 'Diese Bestellung wurde nicht angenommen',
  },
  parcels: {
    prepared: 'wird vorbereitet',
    onItsWay: 'unterwegs',
    delivered: 'zugestellt',
    problem: 'verspätet; der Verkäufer kümmert sich darum',
  },
  items: 'Ihre Artikel',
  parcelsTitle: 'Pakete',
  papers: 'Rechnungen',
  invoiceName: 'Rechnung',
  creditMemoName: 'Gutschrift',
  discount: 'Rabatt',
  refunded: 'Erstattet',
  download: 'Herunterladen',
  open: 'Öffnen',
  copy: 'Text kopieren',
  withdrawn: 'nicht mehr verfügbar',
  keepAddress: 'Heben Sie die Adresse dieser Seite auf: So kommen Sie zu Ihrer Bestellung zurück.',
  findTitle: 'Ihre Bestellungen finden',
  findHint: 'Wir schicken Ihnen die Adressen Ihrer Bestellungen per E-Mail, mit Ihren Downloads und Rechnungen.',
  email: 'Die E-Mail-Adresse, mit der Sie bestellt haben',
  findButton: 'Bestellungen zusenden',
  findDone: 'Wurde mit dieser Adresse etwas bestellt, ist eine E-Mail dorthin unterwegs.',
  emailWrong: 'Bitte geben Sie eine E-Mail-Adresse ein, zum Beispiel ada@example.com.',
}

const es: OrderPageTexts = {
  standings: {
    unpaid: 'Esperamos su pago',
    checked: 'Su pago se está comprobando',
    preparing: '¡Gracias! Su pedido se está preparando',
    partly: 'Una parte de su pedido está aquí o en camino',
    onItsWay: 'Su pedido está en camino',
    handedOver: '¡Gracias! Su pedido está completo',
    refunded: 'Reembolsado',
    cancelled: 'Este pedido ha sido cancelado',
    soldOut: 'Agotado; se le devolverá el dinero',
    refused: 'Este pedido no ha sido aceptado',
  },
  parcels: {
    prepared: 'en preparación',
    onItsWay: 'en camino',
    delivered: 'entregado',
    problem: 'con retraso; el vendedor se está ocupando de ello',
  },
  items: 'Sus artículos',
  parcelsTitle: 'Paquetes',
  papers: 'Facturas',
  invoiceName: 'Factura',
  creditMemoName: 'Nota de abono',
  discount: 'Descuento',
  refunded: 'Reembolsado',
  download: 'Descargar',
  open: 'Abrir',
  copy: 'Copiar el texto',
  withdrawn: 'ya no está disponible',
  keepAddress: 'Guarde la dirección de esta página: así podrá volver a su pedido.',
  findTitle: 'Encontrar sus pedidos',
  findHint: 'Le enviaremos por correo las direcciones de sus pedidos, con sus descargas y facturas.',
  email: 'La dirección de correo con la que hizo el pedido',
  findButton: 'Enviarme mis pedidos',
  findDone: 'Si se hizo algún pedido con esta dirección, un correo está en camino.',
  emailWrong: 'Introduzca una dirección de correo, por ejemplo ada@example.com.',
}

const fr: OrderPageTexts = {
  standings: {
    unpaid: 'Nous attendons votre paiement',
    checked: 'Votre paiement est en cours de vérification',
    preparing: 'Merci ! Votre commande est en préparation',
    partly: 'Une partie de votre commande est arrivée ou en route',
    onItsWay: 'Votre commande est en route',
    handedOver: 'Merci ! Votre commande est complète',
    refunded: 'Remboursée',
    cancelled: 'Cette commande a été annulée',
    soldOut: 'Épuisé ; votre argent vous est rendu',
    refused: 'Cette commande n’a pas été acceptée',
  },
  parcels: {
    prepared: 'en préparation',
    onItsWay: 'en route',
    delivered: 'livré',
    problem: 'retardé ; le vendeur s’en occupe',
  },
  items: 'Vos articles',
  parcelsTitle: 'Colis',
  papers: 'Factures',
  invoiceName: 'Facture',
  creditMemoName: 'Avoir',
  discount: 'Remise',
  refunded: 'Remboursé',
  download: 'Télécharger',
  open: 'Ouvrir',
  copy: 'Copier le texte',
  withdrawn: 'n’est plus disponible',
  keepAddress: 'Conservez l’adresse de cette page : elle vous ramène à votre commande.',
  findTitle: 'Retrouver vos commandes',
  findHint: 'Nous vous envoyons par e-mail les adresses de vos commandes, avec vos téléchargements et factures.',
  email: 'L’adresse e-mail de votre commande',
  findButton: 'M’envoyer mes commandes',
  findDone: 'Si une commande a été passée avec cette adresse, un e-mail est en route.',
  emailWrong: 'Saisissez une adresse e-mail, par exemple ada@example.com.',
}

const ja: OrderPageTexts = {
  standings: {
    unpaid: 'お支払いをお待ちしています',
    checked: 'お支払いを確認しています',
    preparing: 'ありがとうございます。ご注文を準備しています',
    partly: 'ご注文の一部をお届け済み、または配送中です',
    onItsWay: 'ご注文を配送しています',
    handedOver: 'ありがとうございます。ご注文は完了しました',
    refunded: '返金済み',
    cancelled: 'このご注文はキャンセルされました',
    soldOut: '売り切れのため返金いたします',
    refused: 'このご注文は承認されませんでした',
  },
  parcels: {
    prepared: '準備中',
    onItsWay: '配送中',
    delivered: '配達済み',
    problem: '遅延中（販売者が確認しています）',
  },
  items: 'ご注文内容',
  parcelsTitle: '荷物',
  papers: '請求書',
  invoiceName: '請求書',
  creditMemoName: 'クレジットメモ',
  discount: '割引',
  refunded: '返金額',
  download: 'ダウンロード',
  open: '開く',
  copy: 'テキストをコピー',
  withdrawn: 'ご利用いただけなくなりました',
  keepAddress: 'このページのアドレスを保存してください。ご注文の確認に必要です。',
  findTitle: 'ご注文を探す',
  findHint: 'ご注文ページのアドレスをメールでお送りします。ダウンロードと請求書もご確認いただけます。',
  email: 'ご注文時のメールアドレス',
  findButton: '注文を送信してもらう',
  findDone: 'このアドレスでのご注文があれば、メールをお送りしました。',
  emailWrong: 'メールアドレスを入力してください（例：ada@example.com）。',
}

const ar: OrderPageTexts = {
  standings: {
    unpaid: 'في انتظار دفعتكم',
    checked: 'يجري التحقق من دفعتكم',
    preparing: 'شكرًا لكم! يجري تجهيز طلبكم',
    partly: 'جزء من طلبكم وصل أو في الطريق',
    onItsWay: 'طلبكم في الطريق إليكم',
    handedOver: 'شكرًا لكم! طلبكم مكتمل',
    refunded: 'تم رد المبلغ',
    cancelled: 'تم إلغاء هذا الطلب',
    soldOut: 'نفدت الكمية؛ يعود مالكم إليكم',
    refused: 'لم يُقبل هذا الطلب',
  },
  parcels: {
    prepared: 'قيد التجهيز',
    onItsWay: 'في الطريق',
    delivered: 'تم التسليم',
    problem: 'متأخر؛ البائع يتابع الأمر',
  },
  items: 'ما طلبتموه',
  parcelsTitle: 'الطرود',
  papers: 'الفواتير',
  invoiceName: 'فاتورة',
  creditMemoName: 'إشعار دائن',
  discount: 'خصم',
  refunded: 'المبلغ المردود',
  download: 'تنزيل',
  open: 'فتح',
  copy: 'نسخ النص',
  withdrawn: 'لم يعد متاحًا',
  keepAddress: 'احتفظوا بعنوان هذه الصفحة: به تعودون إلى طلبكم.',
  findTitle: 'العثور على طلباتكم',
  findHint: 'نرسل إليكم بالبريد الإلكتروني عناوين طلباتكم مع ملفاتها وفواتيرها.',
  email: 'عنوان البريد الإلكتروني الذي طلبتم به',
  findButton: 'أرسلوا إليّ طلباتي',
  findDone: 'إن كان هناك طلب بهذا العنوان فرسالة في الطريق إليه.',
  emailWrong: 'يرجى إدخال عنوان بريد إلكتروني، مثل ada@example.com.',
}

const languages: Record<string, OrderPageTexts> = { ar, de, en, es, fr, ja }

/** The page's words in a language that the mails have. */
export const orderPageTexts = ({ language }: Pick<MailLanguage, 'language'>): OrderPageTexts =>
  languages[language] ?? en
