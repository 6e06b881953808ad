import { html } from 'hono/html'
import type { OrderView } from '../../order-view/read-order.ts'
import type { Html } from './page.ts'

type Names = Record<OrderView['documents'][number]['kind'], string>

const english: Names = {
  invoice: 'Invoice',
  credit_memo: 'Credit memo',
}

/** An order's invoices and credit memos, to be downloaded. @param orderPath the address of the page that shows them */
export const paperList = (documents: OrderView['documents'], orderPath: string, names: Names = english): Html =>
  html`<ul class="rows" id="papers">${documents.map(({ kind, number, fileId }) => {
    const name = `${names[kind]} ${number}`
    const path = `${orderPath}/papers/${fileId}`
    return html`<li><p>${name}</p>
<div class="side"><a href="${path}/pdf" aria-label="PDF: ${name}" download>PDF</a>
<a href="${path}/xml" aria-label="E-invoice (XML): ${name}" download>E-invoice (XML)</a></div></li>`
  })}</ul>`
