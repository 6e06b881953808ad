/** Off a whole checkout, or off its shipping. `amountOff` in minor units, `percentOff` as the caller gave it, 0.01–100. */
export type Discount = { amountOff?: number | undefined; percentOff?: number | undefined }

/** Off one line; `quantity` is how many of its pieces it applies to, all of them if absent. */
export type ItemDiscount = Discount & { quantity?: number | undefined }
