import type { NewOrder } from '../orders/create-order.ts'
import type { OrderView } from './read-order.ts'

/** What {@link readOrder} would read of an order of a cart that was stored a moment ago, without asking the database for it. */
export function newOrderView({ record, items }: NewOrder): OrderView {
  return {
    ...inCamelCase(record),
    taxIdentifiers: [],
    items: items.map((item) => ({ ...inCamelCase(item), delivery: null })),
    charges: [],
    sources: [],
    shipments: [],
    shippingRefunds: [],
    creditReturned: 0,
    documents: [],
  }
}

type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name
type InCamelCase<Row> = { [Column in keyof Row as CamelCase<Column & string>]: Row[Column] }

/** A row as it was inserted, under the names by which it is read: a view gives a column the name of its property. */
const inCamelCase = <Row extends object>(row: Row): InCamelCase<Row> =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  ) as InCamelCase<Row>
