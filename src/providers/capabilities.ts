/** What a provider can do beside taking a payment whole. */
export type Capabilities = {
  /** Holding money first and taking it later: not at all, in one capture, or in several. */
  capture: 'none' | 'once' | 'several'
  /** Giving money back through it: not at all, or any part; `claim`: the buyer has to fetch it. */
  refund: 'none' | 'any' | 'claim'
  /** Shares are paid out to connected accounts. */
  transfer: boolean
  /** A write that is sent again under its key is done once; without, it is looked for before it is sent again. */
  idempotencyKeys: boolean
  /** It can be asked how a payment stands, so that one whose webhook never came is found out. */
  lookUp: boolean
  /** How its books are compared with ours: it is asked for their lines, or an operator brings its statements. */
  books: 'asked' | 'statements'
}
