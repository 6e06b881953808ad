// Made from /openapi.json by `npx vitest run clients/typescript -u`; a test says when it is older than the document.

export interface paths {
    "/v2/skus": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List SKUs
         * @description With a publishable key: what is on sale, without what it delivers, costs or earns.
         */
        get: operations["listSkus"];
        put?: never;
        /**
         * Create a SKU
         * @description Puts goods on sale: digital, shipped by a carrier, or printed on demand.
         */
        post: operations["createSku"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List products that are sold in variants
         * @description With a publishable key: variants that are on sale, as the catalogue has them, and the choices they leave.
         */
        get: operations["listProducts"];
        put?: never;
        /**
         * Create a product with its variants
         * @description A product that is sold in up to 100 variants. Each of them is a SKU with its own price, stock, weight and print job.
         */
        post: operations["createProduct"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/products/{id}/variants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a variant to a product
         * @description It is changed, stocked and taken off sale as a SKU. A value that its product does not have becomes a choice.
         */
        post: operations["addVariant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/products/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a product with its variants
         * @description With a publishable key: variants that are on sale, as the catalogue has them, and the choices they leave.
         */
        get: operations["readProduct"];
        put?: never;
        /**
         * Replace what the variants of a product have in common
         * @description Every variant takes its name, description and picture. Options keep their places, and every value that a variant has.
         */
        post: operations["replaceProduct"];
        /**
         * Take a product off sale with its variants
         * @description Nobody can buy its variants any more; orders keep them.
         */
        delete: operations["archiveProduct"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/products/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put a product on sale again
         * @description With the variants that went off sale with it, not those before.
         */
        post: operations["restoreProduct"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/skus/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a SKU
         * @description With a publishable key: what is on sale, without what it delivers, costs or earns.
         */
        get: operations["readSku"];
        put?: never;
        /**
         * Replace a SKU
         * @description What is not given is unset, except its inventory. It may be sent as it was read; leave `inventory` out of that, because some may have been sold since. Orders keep what they bought.
         */
        post: operations["replaceSku"];
        /**
         * Take a SKU off sale
         * @description Nobody can buy it any more; orders keep it, and it can be restored.
         */
        delete: operations["removeSku"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/skus/{id}/inventory": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set the stock of a SKU, add to it, or take some out
         * @description Says how many pieces there are, or how many more or fewer. What is sold at the same time is counted all the same.
         */
        post: operations["stockSku"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/skus/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put a SKU on sale again
         * @description It is sold again as it was, by its id, in the catalogue and by its links. One that is on sale stays so.
         */
        post: operations["restoreSku"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/merchants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the own record and the sellers
         * @description The caller's own record first, then its sellers.
         */
        get: operations["listMerchants"];
        put?: never;
        /**
         * Add a seller
         * @description A seller of a marketplace: goods of its own, shares of its own.
         */
        post: operations["createSeller"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/merchants/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a merchant
         * @description The own record, or that of a seller of the own marketplace.
         */
        get: operations["readMerchant"];
        put?: never;
        /**
         * Replace a merchant
         * @description What is not given is unset.
         */
        post: operations["replaceMerchant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/brand": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the own brand
         * @description What buyers see of the caller on checkout, pay and order pages.
         */
        get: operations["readBrand"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the own brand
         * @description What is not given stays as it is; null takes it back.
         */
        patch: operations["changeBrand"];
        trace?: never;
    };
    "/v2/carts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a cart
         * @description Goods, buyer and address; all of it can come later.
         */
        post: operations["createCart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/carts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a cart
         * @description The cart with its prices as they are now.
         */
        get: operations["readCart"];
        put?: never;
        /**
         * Change a cart
         * @description What is not given stays as it is. A new address makes offers of before invalid.
         */
        post: operations["changeCart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/carts/{id}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add an item
         * @description The same SKU again adds to its quantity.
         */
        post: operations["addCartItem"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/carts/{id}/items/{itemId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove an item
         * @description Takes all pieces out of the cart.
         */
        delete: operations["removeCartItem"];
        options?: never;
        head?: never;
        /**
         * Change a quantity; zero removes the item
         * @description Sets the quantity.
         */
        patch: operations["changeCartItem"];
        trace?: never;
    };
    "/v2/carts/{id}/shipping-rates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ask for shipping rates
         * @description Carriers are asked what the parcels of this cart cost. An offer that is chosen is the price of the order.
         */
        get: operations["listShippingRates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/carts/{id}/tax": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for the tax
         * @description An order is only made of a cart whose tax its buyer could see.
         */
        post: operations["calculateCartTax"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/coupons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List coupons
         * @description Newest first.
         */
        get: operations["listCoupons"];
        put?: never;
        /**
         * Make a coupon
         * @description A code that takes an amount or a part off the goods.
         */
        post: operations["createCoupon"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/coupons/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a coupon
         * @description The coupon, and how often it was used.
         */
        get: operations["readCoupon"];
        put?: never;
        /**
         * Change a coupon, or switch it off
         * @description What it takes off changes for carts that take it from now on; those that have it keep what they showed.
         */
        post: operations["changeCoupon"];
        /**
         * Remove a coupon
         * @description Carts lose it; orders keep what it took off.
         */
        delete: operations["removeCoupon"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/checkouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List checkouts, newest first
         * @description By customer, number of the caller or time.
         */
        get: operations["listCheckouts"];
        put?: never;
        /**
         * Create a checkout
         * @description Prices, tax, selling entity and payment session for what a client sells.
         */
        post: operations["createCheckout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/checkouts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a checkout
         * @description The checkout with tax and sources.
         */
        get: operations["readCheckout"];
        put?: never;
        /**
         * Change a checkout
         * @description What is not given stays; everything is priced anew. Not possible once an order was made of it.
         */
        post: operations["changeCheckout"];
        /**
         * Delete a checkout
         * @description Its sources can be attached elsewhere.
         */
        delete: operations["deleteCheckout"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/checkouts/{id}/sources/{sourceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Attach a source to a checkout
         * @description The source will pay the order.
         */
        post: operations["attachSourceToCheckout"];
        /**
         * Detach a source from a checkout
         * @description The checkout waits for another source.
         */
        delete: operations["detachSourceFromCheckout"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List customers, newest first
         * @description By e-mail address or time.
         */
        get: operations["listCustomers"];
        put?: never;
        /**
         * Create a customer
         * @description Somebody whose sources and tax numbers are kept.
         */
        post: operations["createCustomer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/customers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a customer
         * @description The customer with sources, tax numbers and certificates.
         */
        get: operations["readCustomer"];
        put?: never;
        /**
         * Change a customer
         * @description What is not given stays. `requestToBeForgotten` erases what the law does not want kept.
         */
        post: operations["changeCustomer"];
        /**
         * Delete a customer
         * @description Saved sources go with it; orders stay.
         */
        delete: operations["deleteCustomer"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/customers/{id}/sources/{sourceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Save a source with a customer
         * @description The source can be charged again.
         */
        post: operations["saveSource"];
        /**
         * Take a source from a customer
         * @description The source cannot be charged any more.
         */
        delete: operations["removeSavedSource"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/customers/{id}/tax-identifiers/{taxId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Attach a tax identifier to a customer
         * @description Checkouts of the customer are taxed accordingly.
         */
        post: operations["attachTaxIdentifier"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a source
         * @description A card that the provider has read, or a means of payment that is made of its owner.
         */
        post: operations["createSource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/sources/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a source
         * @description One that waits for its buyer is asked about at the provider.
         */
        get: operations["readSource"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/payment-methods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the ways to pay
         * @description What a buyer can make a source of, and how a page shows card fields.
         */
        get: operations["listPaymentMethods"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/selling-entities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List selling entities
         * @description All of them, in the order in which they are tried.
         */
        get: operations["listSellingEntities"];
        put?: never;
        /**
         * Add a selling entity
         * @description Once a merchant has one of its own, only its own sell for it, and it owes their taxes.
         */
        post: operations["createSellingEntity"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/selling-entities/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a selling entity
         * @description The company, where it sells, and what it must disclose.
         */
        get: operations["readSellingEntity"];
        put?: never;
        /**
         * Change a selling entity
         * @description Its id and country stay: another taxpayer is another entity. What was sold before keeps the entity as it was.
         */
        post: operations["changeSellingEntity"];
        /**
         * Remove a selling entity
         * @description What was sold by it keeps it.
         */
        delete: operations["removeSellingEntity"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/tax-identifiers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tax identifiers, newest first
         * @description By customer, state or value.
         */
        get: operations["listTaxIdentifiers"];
        put?: never;
        /**
         * Create a tax identifier
         * @description Its form is checked at once, its register asked afterwards.
         */
        post: operations["createTaxIdentifier"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/tax-identifiers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a tax identifier
         * @description The number, and what its register says.
         */
        get: operations["readTaxIdentifier"];
        put?: never;
        post?: never;
        /**
         * Delete a tax identifier
         * @description Orders keep it.
         */
        delete: operations["deleteTaxIdentifier"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/tax-rates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tax rates
         * @description The rates by which tax is calculated here.
         */
        get: operations["listTaxRates"];
        put?: never;
        /**
         * Import tax rates
         * @description CSV with the columns of the export. All of it is stored, or nothing: then every wrong cell is named by its line and its column. A line of the same place, category and first day as a rate that is there changes it; other rates stay.
         */
        post: operations["importTaxRates"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/tax-rates.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export tax rates
         * @description All rates as CSV, which can be imported again.
         */
        get: operations["exportTaxRates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List orders
         * @description Newest first, by what they are looked for.
         */
        get: operations["listOrders"];
        put?: never;
        /**
         * Make an order of a cart or checkout
         * @description Of a cart: a draft that waits for its payment. Of a checkout: 201 with the money held, or 409 and no order. It may be repeated: one cart makes one order.
         */
        post: operations["createOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an order
         * @description All there is about an order; with a publishable key what its buyer may see.
         */
        get: operations["readOrder"];
        put?: never;
        /**
         * Change metadata or ask to be forgotten
         * @description `metadata`, `upstreamId` and `requestToBeForgotten`; everything else stays as it is.
         */
        post: operations["changeOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/orders/{id}/payment-intent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start the payment of an order
         * @description Fixes who gets what of the money, and asks the provider for a payment. Asking again gives the same one.
         */
        post: operations["createPaymentIntent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/orders/{id}/confirm-payment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm a payment: by webhook, or by asking the provider
         * @description A signed webhook of this order, or a secret key without a body: then the provider is asked.
         */
        post: operations["confirmPayment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/orders/{id}/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the provider about the payment, and read the order
         * @description After a buyer has come back from elsewhere, instead of waiting for the webhook.
         */
        post: operations["refreshOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/orders/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an order, or what is left of it
         * @description Unpaid, its payment is closed; paid, what is not sent is called off and given back.
         */
        post: operations["cancelOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/orders/{id}/shipments/{shipmentId}/call-off": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Void a label, or cancel a print job
         * @description Of goods that are bought and have not moved. The shipment becomes `cancelled`; its goods can be sent again, or refunded.
         */
        post: operations["callOffShipment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/orders/{id}/shipments/{shipmentId}/send-again": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send what was called off again
         * @description Another label or print job is bought, of a confirmed order, once the one before is called off for certain.
         */
        post: operations["sendShipmentAgain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/orders/{id}/annotations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what was noted about an order
         * @description For the seller’s own people. No buyer sees them.
         */
        get: operations["readOrderAnnotations"];
        put?: never;
        /**
         * Note something about an order, or tag it
         * @description What is left out stays as it is. An empty note is taken away; `tags` are all that the order has from now on.
         */
        post: operations["annotateOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/orders/{id}/ship-to": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change where an order goes
         * @description Within its country, before anything of its goods is under way, or once a label has failed for good or was called off.
         */
        post: operations["changeShipTo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/orders/{id}/fraud": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what the fraud screen found
         * @description What each judge thought, and when.
         */
        get: operations["readFraudFindings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/orders/{id}/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide about an order under review
         * @description Approved, the order is accepted as soon as its money is there; blocked, it is over and its money is released or goes back.
         */
        post: operations["reviewOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/orders/{id}/distribution": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read who earns what of an order
         * @description The shares of the money, and whether each was passed on.
         */
        get: operations["readDistribution"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/orders/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read everything that happened to an order
         * @description Every transition, call and drop in the order of their happening, with the background work.
         */
        get: operations["readTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/settlements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List shares that are settled outside
         * @description Shares that no provider transfers.
         */
        get: operations["listSettlements"];
        put?: never;
        /**
         * Enter the statement of a provider
         * @description For providers that show no books, as CSV in the provider’s columns, with `provider` in the query, or as JSON. Every line is entered once; a statement with a line that cannot be read is not entered at all. From its first day on the provider’s book is audited.
         */
        post: operations["enterStatement"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/settlements/payout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark shares as settled
         * @description Once they were paid outside.
         */
        post: operations["settleShares"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/settlements/statements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the statements that were entered
         * @description Newest first, with their sums.
         */
        get: operations["listStatements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/settlements/statements/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a statement that was entered
         * @description Line by line, with what we have beside it.
         */
        get: operations["readStatement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/settlements/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Book a refund that was made by hand
         * @description For providers without a call for refunds: what was given back there is booked here.
         */
        post: operations["recordRefund"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/recipients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List recipients
         * @description Newest first.
         */
        get: operations["listRecipients"];
        put?: never;
        /**
         * Register an affiliate or referrer
         * @description Only registered affiliates and referrers earn.
         */
        post: operations["createRecipient"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/recipients/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a recipient
         * @description The recipient and where the money goes.
         */
        get: operations["readRecipient"];
        put?: never;
        /**
         * Replace what is known of a recipient
         * @description What is not given is unset.
         */
        post: operations["replaceRecipient"];
        /**
         * Remove a recipient
         * @description What was earned stays owed.
         */
        delete: operations["removeRecipient"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/disputes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List disputes
         * @description Newest first, by state or order.
         */
        get: operations["listDisputes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/disputes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a dispute
         * @description What the buyer disputes, and until when evidence is taken.
         */
        get: operations["readDispute"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/disputes/{id}/evidence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send evidence to the buyer’s bank, once
         * @description It can be sent once.
         */
        post: operations["submitEvidence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/balances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the balances
         * @description Available, pending and reserved, for each currency.
         */
        get: operations["readBalances"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/balances/statement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the statement of a month
         * @description Opening, every entry, closing.
         */
        get: operations["readBalanceStatement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/balances/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what the balances are made of
         * @description Line by line with the running balance.
         */
        get: operations["listBalanceEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/payouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List payouts
         * @description Newest first.
         */
        get: operations["listPayouts"];
        put?: never;
        /**
         * Pay out what is owed to a seller or recipient
         * @description What is available is paid, or the amount that is named.
         */
        post: operations["createPayout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/payouts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a payout with what it pays
         * @description With the entries that it pays.
         */
        get: operations["readPayout"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/payouts/{id}/pay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that a manual payout was made
         * @description It is then booked as paid.
         */
        post: operations["payPayout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/payouts/{id}/fail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that a payout did not arrive
         * @description A manual payout, or a transfer that is not made yet: its amount is available again at once.
         */
        post: operations["failPayout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/charges/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a charge
         * @description A payment with its captures, cancellations and refunds.
         */
        get: operations["readCharge"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/fulfillments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List fulfillments
         * @description By order or tracking number.
         */
        get: operations["listFulfillments"];
        put?: never;
        /**
         * Fulfil or give up pieces of an order
         * @description What is fulfilled is captured, what is given up is released.
         */
        post: operations["createFulfillment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/fulfillments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a fulfillment
         * @description What was sent or given up, and how.
         */
        get: operations["readFulfillment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List refunds
         * @description By order or state.
         */
        get: operations["listRefunds"];
        put?: never;
        /**
         * Refund an order, wholly or in part
         * @description By amount, percent, items or seller. Goods are called off first.
         */
        post: operations["createRefund"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/refunds/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a refund
         * @description How far it is, and who bears what it costs.
         */
        get: operations["readRefund"];
        put?: never;
        /**
         * Change the metadata of a refund
         * @description Nothing else can be changed.
         */
        post: operations["changeRefund"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/returns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List returns
         * @description By order or state.
         */
        get: operations["listReturns"];
        put?: never;
        /**
         * Announce goods that come back
         * @description Goods that a buyer sends back.
         */
        post: operations["createReturn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/returns/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a return
         * @description What is announced, and what was accepted.
         */
        get: operations["readReturn"];
        put?: never;
        /**
         * Accept goods that have come back
         * @description What came back may be refunded with it.
         */
        post: operations["acceptReturn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List files
         * @description By purpose, name or size.
         */
        get: operations["listFiles"];
        put?: never;
        /**
         * Upload a file
         * @description As multipart/form-data of any size, or in JSON as base64 of less than 1 MiB.
         */
        post: operations["createFile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/files/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a file
         * @description What is known of the file, and its links.
         */
        get: operations["readFile"];
        put?: never;
        post?: never;
        /**
         * Remove a file and its links
         * @description Nobody can download it any more.
         */
        delete: operations["deleteFile"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/files/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download a file of your own
         * @description The bytes, as they were uploaded.
         */
        get: operations["downloadFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/files/{id}/e-invoice": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download an invoice or credit memo as UBL
         * @description EN 16931 as UBL, of an invoice or credit memo that was issued here.
         */
        get: operations["downloadEInvoice"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/file-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List links to files
         * @description By file, and whether they still work.
         */
        get: operations["listFileLinks"];
        put?: never;
        /**
         * Make a public link to a file
         * @description Without `expiresTime` the link lives for thirty days.
         */
        post: operations["createFileLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/file-links/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a link to a file
         * @description The link, and until when it works.
         */
        get: operations["readFileLink"];
        put?: never;
        /**
         * Change until when a link works
         * @description Earlier, later, or without an end.
         */
        post: operations["changeFileLink"];
        /**
         * Take a link back
         * @description It works no more; the file stays.
         */
        delete: operations["deleteFileLink"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhook-endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List webhook endpoints
         * @description With their state, without their secrets.
         */
        get: operations["listWebhookEndpoints"];
        put?: never;
        /**
         * Register a webhook endpoint
         * @description Events are signed by the Standard Webhooks scheme. Anything but a 2xx within 15 seconds is tried again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, always under the same `webhook-id`. A 410 disables the endpoint.
         */
        post: operations["createWebhookEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhook-endpoints/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a webhook endpoint
         * @description What it is sent, and since when it fails.
         */
        get: operations["readWebhookEndpoint"];
        put?: never;
        /**
         * Change, enable or disable a webhook endpoint
         * @description What was missed while it was disabled is not sent by itself; `recover` does that.
         */
        post: operations["changeWebhookEndpoint"];
        /**
         * Remove a webhook endpoint
         * @description Nothing is sent to it any more.
         */
        delete: operations["deleteWebhookEndpoint"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhook-endpoints/{id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate the signing secret
         * @description The old secret signs beside the new one for a day.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhook-endpoints/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List deliveries
         * @description Each with its attempts and how the endpoint answered.
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhook-endpoints/{id}/deliveries/{deliveryId}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an event again
         * @description Under the same `webhook-id`; its retries start over.
         */
        post: operations["redeliverEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhook-endpoints/{id}/recover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send missed events again
         * @description Events of its types that failed, or happened before it existed or while it was disabled. What was delivered or is still being tried is left alone. At most 10000 by one call; events are kept for 30 days.
         */
        post: operations["recoverEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhook-endpoints/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test event
         * @description An event that means nothing, signed like the others.
         */
        post: operations["sendTestEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/erasures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List requests to be forgotten
         * @description Newest first.
         */
        get: operations["listErasures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/erasures/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a request to be forgotten
         * @description What was erased, what is kept and why.
         */
        get: operations["readErasure"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List events of the last 30 days
         * @description By type, order or time.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an event
         * @description The event as it was sent to endpoints.
         */
        get: operations["readEvent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    "checkout_session.order.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * checkout_session.order.created
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onCheckoutSessionOrderCreated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.created
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderCreated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.pending_payment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.pending_payment
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderPendingPayment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.review_opened": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.review_opened
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderReviewOpened"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.accepted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.accepted
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderAccepted"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.blocked": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.blocked
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderBlocked"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.cancelled": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.cancelled
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderCancelled"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.confirmed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.confirmed
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderConfirmed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.fulfilled": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.fulfilled
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderFulfilled"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.complete
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderComplete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.refunded": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.refunded
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderRefunded"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.charge.pending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.charge.pending
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderChargePending"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.charge.failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.charge.failed
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderChargeFailed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.charge.capturable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.charge.capturable
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderChargeCapturable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.charge.processing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.charge.processing
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderChargeProcessing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.charge.complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.charge.complete
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderChargeComplete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.charge.cancelled": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.charge.cancelled
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderChargeCancelled"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.charge.capture.complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.charge.capture.complete
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderChargeCaptureComplete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.charge.capture.failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.charge.capture.failed
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderChargeCaptureFailed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.charge.cancel.complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.charge.cancel.complete
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderChargeCancelComplete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.charge.cancel.failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.charge.cancel.failed
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderChargeCancelFailed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.charge.refund.complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.charge.refund.complete
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderChargeRefundComplete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.charge.refund.failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.charge.refund.failed
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderChargeRefundFailed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.charge.reauth.failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.charge.reauth.failed
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderChargeReauthFailed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.invoice.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.invoice.created
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderInvoiceCreated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.credit_memo.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.credit_memo.created
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderCreditMemoCreated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "fulfillment.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * fulfillment.created
         * @description Sent with the Fulfillment as it was when this happened.
         */
        post: operations["onFulfillmentCreated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "refund.pending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * refund.pending
         * @description Sent with the Refund as it was when this happened.
         */
        post: operations["onRefundPending"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "refund.pending_information": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * refund.pending_information
         * @description Sent with the Refund as it was when this happened.
         */
        post: operations["onRefundPendingInformation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "refund.complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * refund.complete
         * @description Sent with the Refund as it was when this happened.
         */
        post: operations["onRefundComplete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "refund.failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * refund.failed
         * @description Sent with the Refund as it was when this happened.
         */
        post: operations["onRefundFailed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "return.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * return.created
         * @description Sent with the Return as it was when this happened.
         */
        post: operations["onReturnCreated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "return.accepted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * return.accepted
         * @description Sent with the Return as it was when this happened.
         */
        post: operations["onReturnAccepted"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.item.fulfilled": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.item.fulfilled
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderItemFulfilled"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.item.cancelled": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.item.cancelled
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderItemCancelled"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.item.returned": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.item.returned
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderItemReturned"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.dispute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.dispute
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderDispute"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.dispute.resolved": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.dispute.resolved
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderDisputeResolved"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.payment.late": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.payment.late
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderPaymentLate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.attention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * order.attention
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onOrderAttention"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "delivery.sent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * delivery.sent
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onDeliverySent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "delivery.failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * delivery.failed
         * @description Sent with the Order as it was when this happened.
         */
        post: operations["onDeliveryFailed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "customer.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * customer.created
         * @description Sent with the Customer as it was when this happened.
         */
        post: operations["onCustomerCreated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "customer.updated": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * customer.updated
         * @description Sent with the Customer as it was when this happened.
         */
        post: operations["onCustomerUpdated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "customer.deleted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * customer.deleted
         * @description Sent with the Customer as it was when this happened.
         */
        post: operations["onCustomerDeleted"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "customer.source.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * customer.source.created
         * @description Sent with the Source as it was when this happened.
         */
        post: operations["onCustomerSourceCreated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "customer.source.deleted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * customer.source.deleted
         * @description Sent with the Source as it was when this happened.
         */
        post: operations["onCustomerSourceDeleted"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "customer.tax_identifier.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * customer.tax_identifier.created
         * @description Sent with the TaxIdentifier as it was when this happened.
         */
        post: operations["onCustomerTaxIdentifierCreated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "source.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * source.created
         * @description Sent with the Source as it was when this happened.
         */
        post: operations["onSourceCreated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "source.chargeable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * source.chargeable
         * @description Sent with the Source as it was when this happened.
         */
        post: operations["onSourceChargeable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "checkout.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * checkout.created
         * @description Sent with the Checkout as it was when this happened.
         */
        post: operations["onCheckoutCreated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "checkout.updated": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * checkout.updated
         * @description Sent with the Checkout as it was when this happened.
         */
        post: operations["onCheckoutUpdated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "checkout.deleted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * checkout.deleted
         * @description Sent with the Checkout as it was when this happened.
         */
        post: operations["onCheckoutDeleted"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "tax_identifier.pending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * tax_identifier.pending
         * @description Sent with the TaxIdentifier as it was when this happened.
         */
        post: operations["onTaxIdentifierPending"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "tax_identifier.verified": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * tax_identifier.verified
         * @description Sent with the TaxIdentifier as it was when this happened.
         */
        post: operations["onTaxIdentifierVerified"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "tax_identifier.not_valid": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * tax_identifier.not_valid
         * @description Sent with the TaxIdentifier as it was when this happened.
         */
        post: operations["onTaxIdentifierNotValid"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "tax_identifier.deleted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * tax_identifier.deleted
         * @description Sent with the TaxIdentifier as it was when this happened.
         */
        post: operations["onTaxIdentifierDeleted"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "webhook.test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * webhook.test
         * @description Sent by `POST /v2/webhook-endpoints/{id}/test`.
         */
        post: operations["onWebhookTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        Error: {
            /** @description The kind of error, which decides the status. */
            type: string;
            /** @description What is wrong; everything that is missing is named at once. */
            errors: {
                /** @description The error in one word; it never changes its meaning. */
                code: string;
                /** @description The error in a sentence. */
                message: string;
                /** @description The parameter that is meant. */
                parameter?: string;
            }[];
        };
        Sku: {
            /** @description Its id. */
            id: string;
            /** @description What it is called. */
            name: string;
            /** @description A description in words for people. */
            description?: string;
            /**
             * Format: uri
             * @description The address of its picture.
             */
            imageUrl?: string;
            /** @description How often it may be downloaded. */
            downloadLimit?: number;
            /** @description Hands out a licence key of its pool with every item. */
            licensed?: boolean;
            /**
             * @description What kind it is.
             * @enum {string}
             */
            kind: "digital" | "physical" | "pod";
            /** @description The price of one piece. */
            price: number;
            /** @description The currency, as an ISO 4217 code. */
            currency: string;
            /** @description The merchant. */
            merchantId: string;
            /** @description How the goods are taxed, by the provider’s list of codes. */
            taxCode?: string;
            /** @description The weight of one piece. */
            weight?: number;
            /**
             * @description The unit of weight.
             * @enum {string}
             */
            weightUnit?: "oz" | "lb" | "g" | "kg";
            /** @description How large one piece is, packed. */
            dimensions?: {
                /** @description Length. */
                length: number;
                /** @description Width. */
                width: number;
                /** @description Height. */
                height: number;
                /**
                 * @description The unit of length.
                 * @default in
                 * @enum {string}
                 */
                unit: "in" | "cm";
            };
            /** @description Where it was made, as an ISO 3166 code. */
            countryOfOrigin?: string;
            /** @description What is printed, and on what. */
            printful?: {
                /** @description Printful's id of the variant that is printed on. */
                variantId: number;
                /** @description The files. */
                files: {
                    /**
                     * Format: uri
                     * @description An address on the web.
                     */
                    url: string;
                    /** @description The kind of print file. */
                    type?: string;
                }[];
            };
            /** @description What the buyer was handed over. */
            delivery?: {
                /**
                 * @description What kind of content it is.
                 * @enum {string}
                 */
                contentType: "file" | "link" | "text";
                /** @description What the buyer gets: a text, an address, or the file’s address. */
                content: string;
            };
            /** @description The share of a registered affiliate, in hundredths of a percent. */
            affiliateBps?: number;
            /** @description The platform's commission, in hundredths of a percent; null takes the default. */
            commissionBps?: number;
            /**
             * @description False keeps it out of the catalogue that publishable keys read.
             * @default true
             */
            listed: boolean;
            /** @description Pieces that can still be sold; null or left out where nobody counts them. */
            inventory?: number;
            /** @description What the caller keeps with it: at most 20 keys. */
            metadata?: components["schemas"]["Metadata"];
            /** @description Whether it has to be shipped. */
            physical: boolean;
            /** @description The product that it is a variant of. */
            productId?: string;
            /** @description What buyers choose, or what a variant is of it. */
            options?: components["schemas"]["VariantOption"][];
            /** @description Whether any of it can be bought. */
            inStock: boolean;
            /** @description When it was made. */
            createdTime: string;
            /** @description When it was last changed. */
            updatedTime: string;
            /** @description When it was taken off sale. */
            archivedTime?: string;
        };
        Metadata: {
            [key: string]: string | number | boolean;
        };
        VariantOption: {
            /** @description What is chosen. */
            name: string;
            /** @description What the variant is of it. */
            value: string;
        };
        Product: {
            /** @description What it is called. */
            name: string;
            /** @description A description in words for people. */
            description?: string;
            /**
             * Format: uri
             * @description The address of its picture.
             */
            imageUrl?: string;
            /** @description What buyers choose, or what a variant is of it. */
            options: components["schemas"]["ProductOption"][];
            /** @description Its id. */
            id: string;
            /** @description The merchant. */
            merchantId: string;
            /**
             * @description What kind it is.
             * @enum {string}
             */
            kind: "digital" | "physical" | "pod";
            /** @description The currency, as an ISO 4217 code. */
            currency: string;
            /** @description The variants, each of them a SKU. */
            variants: components["schemas"]["Sku"][];
            /** @description When it was made. */
            createdTime: string;
            /** @description When it was last changed. */
            updatedTime: string;
        };
        ProductOption: {
            /** @description What is chosen. */
            name: string;
            /** @description What there is to choose from, in the order in which it is shown. */
            values: string[];
        };
        Merchant: {
            /** @description What buyers see the shop as. */
            name: string;
            /**
             * Format: email
             * @description The e-mail address.
             */
            email?: string;
            /** @description Platform commission in basis points; without it the default applies. A marketplace sets it for its sellers, an operator for everybody. */
            commissionBps?: number;
            /** @description Platform commission per order, in minor units of the order. */
            commissionFixed?: number;
            /** @description The connected account that shares are transferred to. */
            stripeAccountId?: string;
            /** @description Where goods leave from. */
            shipFrom?: components["schemas"]["Address"];
            /**
             * @description Whether prices of carts and checkout links bear tax: `none`, on top of them (`exclusive`) or within them (`inclusive`). Absent keeps what it is.
             * @enum {string}
             */
            cartTax?: "none" | "exclusive" | "inclusive";
            /** @description Its id. */
            id: string;
            /** @description The marketplace that the seller belongs to. */
            parentId?: string;
            /** @description When it was made. */
            createdTime: string;
        };
        Address: {
            /** @description Who lives or receives there. */
            name: string;
            /** @description The telephone number. */
            phone?: string;
            /**
             * Format: email
             * @description The e-mail address.
             */
            email?: string;
            /** @description The company. */
            organization?: string;
            /** @description Where somebody lives, sells or receives. */
            address: {
                /** @description Street and number. */
                line1: string;
                /** @description What else belongs to the street. */
                line2?: string;
                /** @description City or town. */
                city: string;
                /** @description Postal code. */
                postalCode: string;
                /** @description State, province or region, as the country abbreviates it. */
                state?: string;
                /** @description The country, as an ISO 3166 code of two letters. */
                country: string;
            };
        };
        Brand: {
            /** @description What buyers read in place of the merchant’s name. */
            displayName: string | null;
            /** @description The colour of buttons and links, as `#rrggbb`. */
            accent: string | null;
            /**
             * Format: uri
             * @description Where the terms are.
             */
            termsUrl: string | null;
            /**
             * Format: uri
             * @description Where the privacy notice is.
             */
            privacyUrl: string | null;
            /** @description Who sells, as the law of many countries asks for it. */
            imprint: string | null;
            /**
             * Format: email
             * @description Where buyers send their questions.
             */
            supportEmail: string | null;
            /** @description Where the logo is. */
            logoUrl: string | null;
        };
        Cart: {
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description When it was made. */
            createdTime: string;
            /** @description When it was last changed. */
            updatedTime: string;
            /** @description The currency, as an ISO 4217 code. */
            currency: string;
            /** @description The e-mail address. */
            email: string | null;
            /** @description The language and country of its buyer. */
            locale: string;
            /** @description What is bought, sent or given back, item by item. */
            items: {
                /** @description Its id. */
                id: string;
                /** @description The SKU. */
                skuId: string;
                /** @description The merchant. */
                merchantId: string;
                /** @description What it is called. */
                name: string;
                /**
                 * @description What kind it is.
                 * @enum {string}
                 */
                kind: "digital" | "physical" | "pod";
                /** @description Whether it has to be shipped. */
                physical: boolean;
                /** @description How many pieces. */
                quantity: number;
                /** @description Of one piece, before any discount. */
                price: number;
                /** @description All that is off this line. */
                discount: {
                    /** @description What is taken off, as an amount. */
                    amountOff: number;
                } | null;
                /** @description What the line costs after it, without its tax once that is calculated. */
                amount: number;
                /** @description The tax on it. */
                tax: {
                    /** @description The rate: 0.19 for 19 %. */
                    rate: number;
                    /** @description An amount in the currency's major unit. */
                    amount: number;
                };
            }[];
            /** @description Where goods go to. */
            shipTo: components["schemas"]["Address"] & (Record<string, never> | null);
            /** @description Whom the invoice is for. */
            billTo: components["schemas"]["Address"] & (Record<string, never> | null);
            /** @description The way of sending that was chosen. */
            shippingChoice: {
                /** @description Its id. */
                id?: string;
                /** @description An amount in the currency's major unit. */
                amount: number;
                /** @description A description in words for people. */
                description: string;
                /** @description How fast it is sent. */
                serviceLevel: string;
                /** @description The tax on it. */
                taxAmount: number;
                /** @description Who pays duties: the seller (DDP) or the buyer (DAP). */
                shippingTerms?: string;
            } | null;
            /** @description Who earns by the sale beside the sellers. */
            attribution: {
                /** @description The recipient who brought the buyer. */
                affiliateId?: string;
                /** @description The recipient who recommended the shop. */
                referrerId?: string;
            } | null;
            /** @description What is taken off. */
            discount: ({
                /** @description What is taken off, as an amount. */
                amountOff?: number;
                /** @description What is taken off, in percent. */
                percentOff?: number;
            } & {
                [key: string]: unknown;
            }) | null;
            /** @description The coupon on it, and what it takes off; null without one. */
            coupon: {
                /** @description What a buyer enters. */
                code: string;
                /** @description What is taken off, as an amount. */
                amountOff?: number;
                /** @description What is taken off, in percent. */
                percentOff?: number;
                /**
                 * @description Why it takes nothing off. An order of this cart is refused for it.
                 * @enum {string}
                 */
                problem?: "coupon_not_valid" | "coupon_minimum_not_met" | "coupon_not_applicable";
            } | null;
            /** @description The goods, before tax and shipping; of a checkout and its order with the shipping, as Digital River has it. */
            subtotal: number;
            /** @description What it costs to send. */
            totalShipping: number;
            /** @description The tax. */
            totalTax: number;
            /**
             * @description `needed`: prices bear tax, and it has to be asked for with `POST /v2/carts/{id}/tax` before an order is made.
             * @enum {string}
             */
            taxState: "none" | "needed" | "calculated";
            /** @description What was taken off. */
            totalDiscount: number;
            /** @description What the buyer pays. */
            totalAmount: number;
            /** @description Whether it has become an order and takes no more changes. */
            locked: boolean;
            /** @description What the caller keeps with it: at most 20 keys. */
            metadata: components["schemas"]["Metadata"];
        };
        ShippingRate: {
            /** @description Its id. */
            id: string;
            /** @description An amount in the currency's major unit. */
            amount: number;
            /** @description A description in words for people. */
            description: string;
            /** @description How fast it is sent. */
            serviceLevel: string;
            /** @description Who carries the parcel. */
            carrier: string;
            /** @description In how many days the carrier means to deliver. */
            deliveryDays: number | null;
        };
        Coupon: {
            /** @description Its id. */
            id: string;
            /** @description What a buyer enters, without regard to case. */
            code: string;
            /** @description What is taken off, in percent. */
            percentOff?: number;
            /** @description What is taken off, as an amount. */
            amountOff?: number;
            /** @description The currency, as an ISO 4217 code. */
            currency: string | null;
            /** @description The SKUs it is for; null for all. */
            skuIds: string[] | null;
            /** @description What the goods must cost at least; null without a limit. */
            minimumAmount: number | null;
            /** @description From when on it counts. */
            validFrom: string | null;
            /** @description Until when it counts; null without an end. */
            validUntil: string | null;
            /** @description How often it may be used; null without a limit. */
            maxRedemptions: number | null;
            /** @description Whether an e-mail address may use it once only. */
            oncePerBuyer: boolean;
            /** @description Whether it can be used. */
            active: boolean;
            /** @description Orders that have it and were not given up unpaid. */
            redemptions: number;
            /** @description When it was made. */
            createdTime: string;
        };
        Checkout: {
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdTime: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updatedTime: string;
            /** @description The currency, as an ISO 4217 code. */
            currency: string;
            /** @description The customer. */
            customerId?: string;
            /** @description The e-mail address. */
            email?: string;
            /** @description The language and country of its buyer. */
            locale: string;
            /** @description What is bought, sent or given back, item by item. */
            items: ({
                /** @description Its id. */
                id: string;
                /** @description An amount in the currency's major unit. */
                amount: number;
                /** @description How many pieces. */
                quantity: number;
                /** @description The tax on it. */
                tax: {
                    /** @description The rate: 0.19 for 19 %. */
                    rate: number;
                    /** @description An amount in the currency's major unit. */
                    amount: number;
                };
            } & {
                [key: string]: unknown;
            })[];
            /** @description The goods, before tax and shipping; of a checkout and its order with the shipping, as Digital River has it. */
            subtotal: number;
            /** @description The tax. */
            totalTax: number;
            /** @description What customs ask. */
            totalDuty: number;
            /** @description Fees that the law asks to be shown. */
            totalFees: number;
            /** @description What was taken off. */
            totalDiscount: number;
            /** @description What it costs to send. */
            totalShipping: number;
            /** @description What the buyer pays. */
            totalAmount: number;
            /** @description The way of sending that was chosen. */
            shippingChoice?: {
                /** @description Its id. */
                id?: string;
                /** @description An amount in the currency's major unit. */
                amount: number;
                /** @description A description in words for people. */
                description: string;
                /** @description How fast it is sent. */
                serviceLevel: string;
                /** @description The tax on it. */
                taxAmount: number;
                /** @description Who pays duties: the seller (DDP) or the buyer (DAP). */
                shippingTerms?: string;
            };
            /** @description Tax numbers of a business. */
            taxIdentifiers: components["schemas"]["TaxIdentifier"][];
            /** @description The company that sells, and owes the tax. */
            sellingEntity: {
                [key: string]: unknown;
            };
            /** @description How it is paid. */
            payment: {
                /** @description What is paid with. */
                sources: components["schemas"]["Source"][];
                /** @description How far the payment has come, and what it waits for. */
                session: {
                    /** @description Its id. */
                    id: string;
                    /** @description How far it is. */
                    state: string;
                    /** @description What its sources cover. */
                    amountContributed: number;
                    /** @description What no source covers yet. */
                    amountRemainingToBeContributed: number;
                    /** @description What the buyer has to do before the payment goes on. */
                    nextAction?: {
                        /** @description What the buyer has to do. */
                        action: string;
                    } & {
                        [key: string]: unknown;
                    };
                } & {
                    [key: string]: unknown;
                };
            };
            /** @description The session's id, where older clients of Digital River look for it. */
            paymentSessionId: string;
            /** @description What the caller keeps with it: at most 20 keys. */
            metadata: components["schemas"]["Metadata"];
            /** @description Whether money is real. */
            liveMode: boolean;
        } & {
            [key: string]: unknown;
        };
        TaxIdentifier: {
            /** @description Its id. */
            id: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdTime: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updatedTime: string;
            /** @description The customer. */
            customerId?: string;
            /** @description The kind of number. */
            type: string;
            /** @description The number. */
            value: string;
            /**
             * @description What its register says.
             * @enum {string}
             */
            state: "pending" | "verified" | "not_valid";
            /** @description When it came into each state. */
            stateTransitions: {
                [key: string]: string;
            };
            /** @description The name that the register has. */
            verifiedName?: string;
            /** @description The address that the register has. */
            verifiedAddress?: string;
            /** @description The name that the register has. */
            verified_name?: string;
            /** @description The address that the register has. */
            verified_address?: string;
        };
        Source: {
            /** @description Its id. */
            id: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdTime: string;
            /** @description What it is paid with. */
            type: string;
            /**
             * @description How the buyer pays with it: at once, on another page, or by sending money.
             * @enum {string}
             */
            flow: "standard" | "redirect" | "receiver";
            /**
             * @description Whether it can be paid with.
             * @enum {string}
             */
            state: "requires_action" | "pending_redirect" | "pending_funds" | "chargeable" | "consumed" | "cancelled" | "failed";
            /** @description Whether it can be charged again. */
            reusable: boolean;
            /** @description Whose it is. */
            owner?: {
                [key: string]: unknown;
            };
            /** @description The customer. */
            customerId?: string;
            /** @description Its number in the caller's books. */
            upstreamId?: string;
            /** @description What the provider's script needs to go on in the browser. */
            clientSecret?: string;
            /** @description Whether money is real. */
            liveMode: boolean;
        } & {
            [key: string]: unknown;
        };
        Party: {
            /** @description What it is called. */
            name?: string;
            /** @description The telephone number. */
            phone?: string;
            /**
             * Format: email
             * @description The e-mail address.
             */
            email?: string;
            /** @description The company. */
            organization?: string;
            /** @description Where somebody lives, sells or receives. */
            address?: {
                /** @description Street and number. */
                line1?: string;
                /** @description What else belongs to the street. */
                line2?: string;
                /** @description City or town. */
                city?: string;
                /** @description Postal code. */
                postalCode?: string;
                /** @description State, province or region, as the country abbreviates it. */
                state?: string;
                /** @description The country, as an ISO 3166 code of two letters. */
                country: string;
            };
        };
        Customer: {
            /** @description Its id. */
            id: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdTime: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updatedTime: string;
            /** @description The e-mail address. */
            email?: string;
            /** @description What it costs to send, or where to. */
            shipping?: components["schemas"]["Party"];
            /** @description The source that is charged when none is named. */
            defaultSourceId?: string;
            /** @description What is paid with. */
            sources: components["schemas"]["Source"][];
            /** @description Tax numbers of a business. */
            taxIdentifiers: components["schemas"]["TaxIdentifier"][];
            /** @description Certificates that free from tax while and where they count. */
            taxCertificates: components["schemas"]["TaxCertificate"][];
            /** @description Whether its buyer has asked to be forgotten. */
            requestToBeForgotten: boolean;
            /**
             * @description What type it is.
             * @enum {string}
             */
            type: "individual" | "business";
            /** @description What the caller keeps with it: at most 20 keys. */
            metadata: components["schemas"]["Metadata"];
            /** @description The language and country of its buyer. */
            locale?: string;
            /** @description Whether it is in use. */
            enabled: boolean;
            /** @description Whether money is real. */
            liveMode: boolean;
        };
        TaxCertificate: {
            /** @description The company that has the certificate. */
            companyName: string;
            /** @description The state that has issued it, such as MN. */
            taxAuthority?: string;
            /**
             * Format: date-time
             * @description From when on it counts.
             */
            startDate: string;
            /**
             * Format: date-time
             * @description From then on it does not count.
             */
            endDate: string;
            /** @description The file. */
            fileId?: string;
            /**
             * @description The country, as an ISO 3166 code of two letters.
             * @default US
             */
            country: string;
            /** @description Where it counts; without them that is the state of `taxAuthority`, or the country. */
            states?: string[];
            /** @description Why. */
            reason?: string;
            /** @description The number of the certificate. */
            number?: string;
        };
        PaymentMethods: {
            /** @description The types. */
            types: {
                /**
                 * @description What type it is.
                 * @enum {string}
                 */
                type: "creditCard" | "konbini" | "wireTransfer" | "bancontact";
                /**
                 * @description How the buyer pays with it: at once, on another page, or by sending money.
                 * @enum {string}
                 */
                flow: "standard" | "redirect" | "receiver";
                /** @description It can be kept with a customer and charged again. */
                supportsStorage: boolean;
            }[];
            /** @description The provider's script for card fields in a page, and the key it works with. */
            cardForm: {
                /**
                 * Format: uri
                 * @description The provider's script for browsers.
                 */
                script: string;
                /** @description The key that may stand in a page. */
                key: string;
            } | null;
        };
        OwnedSellingEntity: components["schemas"]["SellingEntity"] & {
            /** @description Null: it serves all who have none. */
            merchantId: string | null;
        };
        SellingEntity: {
            /** @description Its id. */
            id: string;
            /** @description What it is called. */
            name: string;
            /** @description The country, as an ISO 3166 code of two letters. */
            country: string;
            /** @description Where its goods may leave from; `*` for everywhere. */
            shipFromCountries: ("*" | string)[];
            /** @description Where its goods may go to; `*` for everywhere. */
            shipToCountries: ("*" | string)[];
            /** @description Where its buyers may be billed, as ISO 3166 codes; `*` for everywhere. */
            billToCountries: ("*" | string)[];
            /**
             * @description Tax numbers of a business.
             * @default []
             */
            taxIdentifiers: {
                /** @description What type it is. */
                type: string;
                /** @description The number. */
                value: string;
            }[];
            /** @description Where somebody lives, sells or receives. */
            address: {
                /** @description Street and number. */
                line1: string;
                /** @description What else belongs to the street. */
                line2?: string;
                /** @description City or town. */
                city: string;
                /** @description Postal code. */
                postalCode?: string;
                /** @description How far it is. */
                state?: string;
                /** @description The country, as an ISO 3166 code of two letters. */
                country: string;
            };
            /**
             * @description What a buyer must be able to read before buying.
             * @default []
             */
            disclosures: {
                /**
                 * @description What type it is.
                 * @enum {string}
                 */
                type: "termsOfSale" | "privacyPolicy" | "cookiePolicy" | "cancellationRight" | "legalNotice" | "imprint" | "autoRenewalPlanTerms" | "saveCardMandate" | "idealRecurringAgreement" | "businessEntity" | "resellerDisclosure" | "confirmDisclosure" | "californiaPrivacyRights";
                /** @description The words that the buyer reads. */
                localizedText: string;
                /**
                 * Format: uri
                 * @description An address on the web.
                 */
                url?: string;
            }[];
        };
        TaxRate: {
            /** @description Its id. */
            id: string;
            /** @description The country, as an ISO 3166 code of two letters. */
            country: string;
            /** @description The state or province that it is for; null for the whole country. */
            state: string | null;
            /** @description The county or city that the rate is for; null for all of the state. */
            county: string | null;
            /** @description City or town. */
            city: string | null;
            /** @description The first postal code that the rate is for; null for all. */
            postalFrom: string | null;
            /** @description The last postal code that the rate is for; null for all. */
            postalTo: string | null;
            /**
             * @description What kind of goods the rate is for.
             * @enum {string}
             */
            category: "standard" | "digital" | "reduced";
            /** @description A fraction: 0.19 is 19 %. */
            rate: number;
            /** @description Whether shipping is taxed like the goods. */
            shippingTaxable: boolean;
            /** @description From when on it counts. */
            validFrom: string;
            /** @description The first day on which it no longer applies. */
            validUntil: string | null;
        };
        StoredTaxRates: {
            /** @description How many were new. */
            added: number;
            /** @description How many were changed. */
            changed: number;
            /** @description How many were as they are. */
            unchanged: number;
        };
        CreatedOrder: components["schemas"]["Order"] & {
            /** @description The order. */
            orderId: string;
        };
        Charge: {
            /** @description Its id. */
            id: string;
            /** @description The order. */
            orderId: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdTime: string;
            /** @description The currency, as an ISO 4217 code. */
            currency: string;
            /** @description An amount in the currency's major unit. */
            amount: number;
            /**
             * @description How far the payment is.
             * @enum {string}
             */
            state: "pending" | "failed" | "capturable" | "processing" | "complete" | "cancelled";
            /** @description What it is paid with, or how. */
            type: string;
            /** @description Whether money was taken. */
            captured: boolean;
            /** @description Whether anything was given back. */
            refunded: boolean;
            /** @description The source: what is paid with. */
            sourceId: string | null;
            /** @description The payment session, by which clients find its ways to pay. */
            paymentSessionId: string;
            /** @description The payment provider. */
            provider: string;
            /** @description The payment's id at its provider. */
            providerReference: string | null;
            /** @description What was taken of it. */
            capturedAmount: number;
            /** @description What of it was released and will not be taken. */
            cancelledAmount: number;
            /** @description What was given back. */
            refundedAmount: number;
            /** @description What was taken of it, one by one. */
            captures: {
                /** @description Its id. */
                id: string;
                /**
                 * Format: date-time
                 * @description When it was made.
                 */
                createdTime: string;
                /**
                 * Format: date-time
                 * @description When it was last changed.
                 */
                updatedTime: string;
                /** @description An amount in the currency's major unit. */
                amount: number;
                /** @description How far the payment is. */
                state: string;
                /** @description The fulfillment that asked for it. */
                fulfillmentId?: string;
                /** @description The refund. */
                refundId?: string;
                /** @description Where the buyer fetches it. Whoever has the address has the money. */
                claimUrl?: string;
                /** @description Why it failed, in words that a buyer may read. */
                failureMessage?: string;
                /** @description Why it failed, in one word. */
                failureCode?: string;
            }[];
            /** @description What was released of it. */
            cancels: {
                /** @description Its id. */
                id: string;
                /**
                 * Format: date-time
                 * @description When it was made.
                 */
                createdTime: string;
                /**
                 * Format: date-time
                 * @description When it was last changed.
                 */
                updatedTime: string;
                /** @description An amount in the currency's major unit. */
                amount: number;
                /** @description How far the payment is. */
                state: string;
                /** @description The fulfillment that asked for it. */
                fulfillmentId?: string;
                /** @description The refund. */
                refundId?: string;
                /** @description Where the buyer fetches it. Whoever has the address has the money. */
                claimUrl?: string;
                /** @description Why it failed, in words that a buyer may read. */
                failureMessage?: string;
                /** @description Why it failed, in one word. */
                failureCode?: string;
            }[];
            /** @description What was given back, one by one. */
            refunds: {
                /** @description Its id. */
                id: string;
                /**
                 * Format: date-time
                 * @description When it was made.
                 */
                createdTime: string;
                /**
                 * Format: date-time
                 * @description When it was last changed.
                 */
                updatedTime: string;
                /** @description An amount in the currency's major unit. */
                amount: number;
                /** @description How far the payment is. */
                state: string;
                /** @description The fulfillment that asked for it. */
                fulfillmentId?: string;
                /** @description The refund. */
                refundId?: string;
                /** @description Where the buyer fetches it. Whoever has the address has the money. */
                claimUrl?: string;
                /** @description Why it failed, in words that a buyer may read. */
                failureMessage?: string;
                /** @description Why it failed, in one word. */
                failureCode?: string;
            }[];
            /** @description Why it failed, in words that a buyer may read. */
            failureMessage?: string;
            /** @description Why it failed, in one word. */
            failureCode?: string;
            /** @description Whether money is real. */
            liveMode: boolean;
        };
        TaxExemption: {
            /** @description The company that has the certificate. */
            companyName?: string;
            /** @description The state that has issued it, such as MN. */
            taxAuthority?: string;
            /**
             * Format: date-time
             * @description From when on it counts.
             */
            startDate: string;
            /**
             * Format: date-time
             * @description From then on it does not count.
             */
            endDate: string;
            /** @description The file. */
            fileId?: string;
            /**
             * @description The country, as an ISO 3166 code of two letters.
             * @default US
             */
            country: string;
            /** @description Where it counts; without them that is the state of `taxAuthority`, or the country. */
            states?: string[];
            /** @description Why. */
            reason?: string;
            /** @description The number of the certificate. */
            number?: string;
        };
        Order: {
            /** @description Its id. */
            id: string;
            /** @description The checkout or cart that the order was made of. */
            checkoutId: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdTime: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updatedTime: string;
            /** @description Its number in the caller's books. */
            upstreamId: string | null;
            /** @description The customer. */
            customerId: string | null;
            /** @description The e-mail address. */
            email: string;
            /** @description The currency, as an ISO 4217 code. */
            currency: string;
            /** @description The language and country of its buyer. */
            locale: string;
            /**
             * @description The state in the words of storefronts.
             * @enum {string}
             */
            status: "PENDING" | "CONFIRMED" | "FAILED" | "BLOCKED" | "CANCELLED" | "REFUNDED";
            /**
             * @description How far the order is.
             * @enum {string}
             */
            state: "pending" | "pending_payment" | "payment_failed" | "in_review" | "accepted" | "confirmed" | "fulfilled" | "complete" | "returned" | "blocked" | "cancelled";
            /** @description When it came into each state. */
            stateTransitions: {
                [key: string]: string;
            };
            /**
             * @description What the fraud screen found.
             * @enum {string}
             */
            fraudState?: "none" | "review_opened" | "passed" | "blocked";
            /** @description When it came into each of these. */
            fraudStateTransitions: {
                [key: string]: string;
            };
            /** @description The worst of its disputes. */
            disputeState?: string;
            /** @description What the buyer pays. */
            totalAmount: number;
            /** @description What of it the buyer's credit with the merchant pays, or gets back. */
            creditAmount?: number;
            /** @description The goods, before tax and shipping; of a checkout and its order with the shipping, as Digital River has it. */
            subtotal: number;
            /** @description Fees that the law asks to be shown. */
            totalFees: number;
            /** @description The tax. */
            totalTax: number;
            /** @description What customs ask. */
            totalDuty: number;
            /** @description What was taken off. */
            totalDiscount: number;
            /** @description What it costs to send. */
            totalShipping: number;
            /** @description What was taken of it. */
            capturedAmount: number;
            /** @description What of it was released and will not be taken. */
            cancelledAmount: number;
            /** @description What was given back. */
            refundedAmount: number;
            /** @description What can still be given back. */
            availableToRefundAmount: number;
            /** @description Where goods go to. */
            shipTo: components["schemas"]["Party"] & (Record<string, never> | null);
            /** @description Whom the invoice is for. */
            billTo: components["schemas"]["Party"] & (Record<string, never> | null);
            /** @description The way of sending that was chosen. */
            shippingChoice: {
                /** @description Its id. */
                id?: string;
                /** @description An amount in the currency's major unit. */
                amount: number;
                /** @description A description in words for people. */
                description: string;
                /** @description How fast it is sent. */
                serviceLevel: string;
                /** @description The tax on it. */
                taxAmount: number;
                /** @description Who pays duties: the seller (DDP) or the buyer (DAP). */
                shippingTerms?: string;
            } | null;
            /** @description What is bought, sent or given back, item by item. */
            items: {
                /** @description Its id. */
                id: string;
                /** @description The SKU. */
                skuId: string | null;
                /** @description The merchant. */
                merchantId: string;
                /**
                 * @description What kind it is.
                 * @enum {string}
                 */
                kind: "digital" | "physical" | "pod";
                /** @description What is sold, where it is no SKU. */
                productDetails: {
                    /** @description What it is called. */
                    name: string;
                    /** @description Whether it has to be shipped. */
                    physical: boolean;
                } & {
                    [key: string]: unknown;
                };
                /** @description An amount in the currency's major unit. */
                amount: number;
                /** @description How many pieces. */
                quantity: number;
                /** @description How many pieces were fulfilled. */
                fulfilledQuantity: number;
                /** @description How many pieces were given up. */
                cancelledQuantity: number;
                /** @description How many pieces have come back. */
                returnedQuantity: number;
                /**
                 * @description How far the order is.
                 * @enum {string}
                 */
                state: "created" | "fulfilled" | "cancelled" | "blocked" | "returned";
                /** @description When it came into each state. */
                stateTransitions: {
                    [key: string]: string;
                };
                /** @description The tax on it. */
                tax: {
                    /** @description The rate: 0.19 for 19 %. */
                    rate: number;
                    /** @description An amount in the currency's major unit. */
                    amount: number;
                };
                /** @description What can still be given back. */
                availableToRefundAmount: number;
                /** @description What is taken off. */
                discount?: {
                    [key: string]: unknown;
                };
                /** @description What it costs to send, or where to. */
                shipping: {
                    /** @description An amount in the currency's major unit. */
                    amount: number;
                    /** @description The tax on it. */
                    taxAmount: number;
                };
                /** @description What customs ask. */
                duties: {
                    /** @description An amount in the currency's major unit. */
                    amount: number;
                };
                /** @description The tax that the importer pays. */
                importerTax: {
                    /** @description An amount in the currency's major unit. */
                    amount: number;
                };
                /** @description Fees that the law asks to be shown, such as for recycling. */
                fees: {
                    /** @description An amount in the currency's major unit. */
                    amount: number;
                    /** @description The tax on it. */
                    taxAmount: number;
                } & {
                    [key: string]: unknown;
                };
                /** @description What is renewed, and how. */
                subscriptionInfo?: {
                    [key: string]: unknown;
                };
                /** @description Where goods leave from. */
                shipFrom?: components["schemas"]["Party"];
                /** @description What the caller keeps with it: at most 20 keys. */
                metadata?: components["schemas"]["Metadata"];
                /** @description What the buyer was handed over. */
                delivery?: {
                    /** @description What kind of content it is. */
                    contentType: string;
                    /** @description What the buyer gets: a text, an address, or the file’s address. */
                    content: string;
                };
            }[];
            /** @description Each seller's shipping, which is refunded by itself. */
            shippingLines?: {
                /** @description Who sells it. */
                sellerId: string;
                /** @description An amount in the currency's major unit. */
                amount: number;
                /** @description What can still be given back. */
                availableToRefundAmount: number;
            }[];
            /** @description The payments, the last one last. */
            charges: components["schemas"]["Charge"][];
            /** @description How it is paid. */
            payment: {
                /** @description What is paid with. */
                sources: components["schemas"]["Source"][];
                /** @description The payments, the last one last. */
                charges: components["schemas"]["Charge"][];
                /** @description How far the payment has come, and what it waits for. */
                session: {
                    /** @description Its id. */
                    id: string;
                    /** @description How far the order is. */
                    state: string;
                    /** @description What its sources cover. */
                    amountContributed: number;
                    /** @description What no source covers yet. */
                    amountRemainingToBeContributed: number;
                    /** @description What the buyer has to do before the payment goes on. */
                    nextAction?: {
                        /** @description What the buyer has to do. */
                        action: string;
                    } & {
                        [key: string]: unknown;
                    };
                } & {
                    [key: string]: unknown;
                };
            };
            /** @description Parcels and print jobs. */
            shipments: {
                /** @description Its id. */
                id: string;
                /** @description How it is fulfilled. */
                path: string;
                /** @description How far the order is. */
                state: string;
                /** @description Who carries the parcel. */
                carrier: string | null;
                /** @description How the carrier sends it. */
                service: string | null;
                /** @description The carrier's number. */
                trackingNumber: string | null;
                /** @description Where to follow the parcel. */
                trackingUrl: string | null;
                /** @description The label, to print. */
                labelUrl?: string | null;
                /** @description The items in it. */
                itemIds: string[];
            }[];
            /** @description Why a person has to look at it; absent when nobody has to. */
            attention?: {
                /** @description Why a person has to look. */
                reason: string;
                /** @description The task that a person can start again. */
                taskId?: string;
                /** @description Since when, or from when on. */
                since: string;
            };
            /** @description Why it was cancelled. */
            cancelReason?: string;
            /**
             * Format: date-time
             * @description Until when it holds.
             */
            expiresTime?: string;
            /** @description Tax numbers of a business. */
            taxIdentifiers?: components["schemas"]["TaxIdentifier"][];
            /** @description The company that sells, and owes the tax. */
            sellingEntity?: {
                /** @description Its id. */
                id: string;
                /** @description What it is called. */
                name: string;
            } & {
                [key: string]: unknown;
            };
            /** @description Whether a person or a business buys. */
            customerType: string;
            /** @description Whether prices include tax. */
            taxInclusive: boolean;
            /** @description The address of the buyer’s browser. */
            browserIp?: string;
            /** @description The program that made it, in its own words. */
            applicationId?: string;
            /** @description Where goods leave from. */
            shipFrom?: components["schemas"]["Party"];
            /** @description The company. */
            organization?: {
                [key: string]: unknown;
            };
            /** @description What is taken off. */
            discount?: {
                [key: string]: unknown;
            };
            /** @description The code of the coupon. */
            couponCode?: string;
            /** @description Where the buyer is, when tax depends on that alone. */
            purchaseLocation?: {
                [key: string]: unknown;
            };
            /** @description The certificates because of which no tax was taken. */
            taxExemption?: components["schemas"]["TaxExemption"][];
            /** @description The invoices, as files. */
            invoicePDFs?: {
                /** @description Its id. */
                id: string;
                /** @description An address on the web. */
                url: string;
            }[];
            /** @description The credit memos, as files. */
            creditMemoPDFs?: {
                /** @description Its id. */
                id: string;
                /** @description An address on the web. */
                url: string;
            }[];
            /** @description The invoices and credit memos as UBL, for programs. */
            eInvoices?: {
                /** @description Its id. */
                id: string;
                /** @description An address on the web. */
                url: string;
            }[];
            /** @description Whether its buyer has asked to be forgotten. */
            requestToBeForgotten: boolean;
            /** @description What the caller keeps with it: at most 20 keys. */
            metadata: components["schemas"]["Metadata"];
            /** @description Whether money is real. */
            liveMode: boolean;
        };
        ExpandedOrder: components["schemas"]["Order"] & {
            /** @description With `expand=refunds`: the newest first. */
            refunds?: components["schemas"]["Refund"][];
            /** @description With `expand=disputes`: the newest first. */
            disputes?: components["schemas"]["Dispute"][];
        };
        Refund: {
            /** @description Its id. */
            id: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdTime: string;
            /** @description The order. */
            orderId: string;
            /** @description The return that led to it. */
            returnId?: string;
            /** @description The currency, as an ISO 4217 code. */
            currency: string;
            /**
             * @description What type it is.
             * @enum {string}
             */
            type?: "shipping" | "tax" | "duty" | "importer_tax";
            /** @description An amount in the currency's major unit. */
            amount: number;
            /** @description The part of the order, in percent. */
            percent?: number;
            /** @description What was given back. */
            refundedAmount: number;
            /** @description What of `amount` goes back to the credit, which no provider pays. */
            creditAmount?: number;
            /** @description What is bought, sent or given back, item by item. */
            items: {
                /** @description The item of the order. */
                itemId: string;
                /** @description The SKU. */
                skuId?: string;
                /**
                 * @description What type it is.
                 * @enum {string}
                 */
                type?: "shipping" | "fees" | "duty";
                /** @description How many pieces. */
                quantity?: number;
                /** @description The part of the order, in percent. */
                percent?: number;
                /** @description An amount in the currency's major unit. */
                amount: number;
                /** @description What of it the buyer's credit with the merchant pays, or gets back. */
                creditAmount?: number;
                /** @description What was given back. */
                refundedAmount: number;
            }[];
            /** @description What it costs to send, or where to. */
            shipping?: {
                /** @description Who sells it. */
                sellerId: string;
                /** @description An amount in the currency's major unit. */
                amount: number;
                /** @description What was given back. */
                refundedAmount: number;
            }[];
            /**
             * @description Where it began: here, or at the payment provider.
             * @enum {string}
             */
            origin: "ordermill" | "provider";
            /** @description What could not be called off any more. */
            goodsOnTheirWay?: {
                /** @description The parcel or print job. */
                shipmentId: string;
                /**
                 * @description How it is fulfilled.
                 * @enum {string}
                 */
                path: "shipping" | "pod";
                /**
                 * @description How far the refund is.
                 * @enum {string}
                 */
                state: "created" | "purchased" | "in_transit" | "delivered" | "failed" | "cancelled";
                /** @description The carrier's number. */
                trackingNumber: string | null;
            }[];
            /** @description What does not come back, and who bears it. */
            costs?: {
                /**
                 * @description What kind it is.
                 * @enum {string}
                 */
                kind: "provider_fee" | "fulfilment";
                /** @description The merchant. */
                merchantId: string;
                /** @description An amount in the currency's major unit. */
                amount: number;
                /**
                 * @description Who pays for it.
                 * @enum {string}
                 */
                bearer: "merchant" | "platform";
            }[];
            /** @description Why. */
            reason?: string;
            /**
             * @description How far the refund is.
             * @enum {string}
             */
            state: "pending" | "pending_information" | "succeeded" | "failed";
            /** @description When it came into each state. */
            stateTransitions: {
                [key: string]: string;
            };
            /** @description Why it failed. */
            failureReason?: string;
            /** @description The payments, the last one last. */
            charges: {
                /** @description Its id. */
                id: string;
                /** @description Whether money was taken. */
                captured: boolean;
                /** @description Whether anything was given back. */
                refunded: boolean;
                /** @description The source: what is paid with. */
                sourceId?: string;
                /** @description What was given back, one by one. */
                refunds: {
                    /**
                     * Format: date-time
                     * @description When it was made.
                     */
                    createdTime: string;
                    /** @description An amount in the currency's major unit. */
                    amount: number;
                    /** @description How far the refund is. */
                    state: string;
                    /** @description Where the buyer fetches it. Whoever has the address has the money. */
                    claimUrl?: string;
                }[];
            }[];
            /** @description What the caller keeps with it: at most 20 keys. */
            metadata: components["schemas"]["Metadata"];
            /** @description Whether money is real. */
            liveMode: boolean;
        };
        Dispute: {
            /** @description Its id. */
            id: string;
            /** @description The order. */
            orderId: string;
            /** @description The payment. */
            chargeId: string;
            /** @description An amount in the currency's major unit. */
            amount: number;
            /** @description The currency, as an ISO 4217 code. */
            currency: string;
            /** @description Why. */
            reason: string | null;
            /**
             * @description How far the dispute is.
             * @enum {string}
             */
            state: "warning_needs_response" | "warning_under_review" | "warning_closed" | "needs_response" | "under_review" | "won" | "lost" | "prevented";
            /** @description When it came into each state. */
            stateTransitions: {
                [key: string]: string;
            };
            /** @description Until when the bank takes evidence. */
            evidenceDueTime: string | null;
            /** @description When evidence was sent. */
            evidenceSentTime: string | null;
            /** @description When it was made. */
            createdTime: string;
        };
        PaymentIntent: {
            /** @description The order. */
            orderId: string;
            /** @description The payment. */
            chargeId: string;
            /** @description The payment provider. */
            provider: string;
            /** @description What the provider's script needs to go on in the browser. */
            clientSecret?: string;
            /** @description The provider's page, where the buyer pays. */
            checkoutUrl?: string;
            /** @description Until when it holds. */
            expiresTime: string;
            /** @description Who earns what. Secret key only. */
            distribution?: {
                /** @description What kind it is. */
                kind: string;
                /** @description Who gets it. */
                recipient: string;
                /** @description An amount in the currency's major unit. */
                amount: number;
            }[];
        };
        OrderAnnotations: {
            /** @description The order. */
            orderId: string;
            /** @description What the seller’s people are to know of an order; empty without one. */
            note: string;
            /** @description Words that the seller’s people find an order by, in lower case. */
            tags: string[];
        };
        FraudFindings: {
            /**
             * @description What the fraud screen found.
             * @enum {string}
             */
            fraudState: "none" | "review_opened" | "passed" | "blocked";
            /** @description What the answer is about. */
            data: {
                /** @description denied_persons, velocity, a payment provider, or review for a decision. */
                judge: string;
                /**
                 * @description What this judge thinks.
                 * @enum {string}
                 */
                outcome: "passed" | "review" | "blocked";
                /** @description Why. */
                reason: string;
                /** @description 0 to 1, the higher the worse. */
                score: number | null;
                /** @description When it happened. */
                time: string;
            }[];
        };
        Split: {
            /** @description Its id. */
            id: string;
            /** @description The order. */
            orderId: string;
            /** @description The payment. */
            chargeId: string;
            /** @description Why the recipient gets it. */
            kind: string;
            /** @description Who gets it. */
            recipient: string;
            /** @description The account that the money goes to. */
            destination: string | null;
            /** @description Who sells it. */
            sellerId: string | null;
            /** @description An amount in the currency's major unit. */
            amount: number;
            /** @description The currency, as an ISO 4217 code. */
            currency: string;
            /**
             * @description Whether it was passed on.
             * @enum {string}
             */
            state: "planned" | "executed" | "recorded" | "settled" | "reversed";
            /** @description By what it was settled. */
            settlementReference: string | null;
            /** @description When it was made. */
            createdTime: string;
        };
        Timeline: {
            /** @description What the answer is about. */
            data: {
                /** @description When it happened. */
                time: string;
                /** @description Whether a state moved, something was dropped, or something is noted. */
                kind: string;
                /** @description What it is about. */
                subject: string;
                /** @description The id of what it is about. */
                subjectId: string;
                /** @description The state, account or day before. */
                from: string | null;
                /** @description The state, account or day after. */
                to: string | null;
                /** @description What made it happen. */
                cause: string;
                /** @description What else is known about it. */
                detail: {
                    [key: string]: unknown;
                } | null;
            }[];
            /** @description The background work it called for. */
            tasks: {
                /** @description Its id. */
                id: string;
                /** @description What it does. */
                job: string;
                /** @description How far it is. */
                state: string;
                /** @description How often it was tried. */
                attempts: number;
                /** @description What its last attempt ended with. */
                lastError: string | null;
                /** @description When it was made. */
                createdTime: string;
                /** @description When it was done; null until then. */
                doneTime: string | null;
            }[];
        };
        /** @description Of each outcome at most 1,000; `counts` is of all. */
        SettlementStatement: components["schemas"]["SettlementStatementSummary"] & {
            /** @description Lines on which both sides agree. */
            matched: components["schemas"]["StatementItem"][];
            /** @description Lines of another amount or currency than ours. */
            mismatch: components["schemas"]["StatementItem"][];
            /** @description What we have and the statement does not. */
            missing: components["schemas"]["StatementItem"][];
            /** @description What the statement has and we do not. */
            unexpected: components["schemas"]["StatementItem"][];
            /** @description Lines that were there before. */
            doubled: components["schemas"]["StatementItem"][];
            /** @description Lines that contradict what was entered before. */
            conflict: components["schemas"]["StatementItem"][];
        };
        StatementItem: {
            /** @description The lines about it, or how the provider calls it. */
            references: string[];
            /** @description Ours: a charge or a refund. */
            id: string | null;
            /** @description The order. */
            orderId: string | null;
            /** @description What the provider says. */
            theirs: {
                /** @description An amount in the currency's major unit. */
                amount: number;
                /** @description The currency, as an ISO 4217 code. */
                currency: string;
            } | null;
            /** @description Of a line that was not entered: the line that was. */
            ours: {
                /** @description An amount in the currency's major unit. */
                amount: number;
                /** @description The currency, as an ISO 4217 code. */
                currency: string;
            } | null;
        };
        SettlementStatementSummary: {
            /** @description Its id. */
            id: string;
            /** @description The payment provider. */
            provider: string;
            /** @description The first day that it tells of. */
            firstDay: string;
            /** @description The last day that it tells of. */
            lastDay: string;
            /** @description Who entered it. */
            enteredBy: string;
            /** @description When it was entered. */
            enteredTime: string;
            /** @description When it was last compared with the ledger. */
            comparedTime: string;
            /** @description How many lines are of each kind. */
            counts: {
                /** @description Lines on which both sides agree. */
                matched: number;
                /** @description Lines of another amount or currency than ours. */
                mismatch: number;
                /** @description What we have and the statement does not. */
                missing: number;
                /** @description What the statement has and we do not. */
                unexpected: number;
                /** @description Lines that were there before. */
                doubled: number;
                /** @description Lines that contradict what was entered before. */
                conflict: number;
                /** @description The lines. */
                lines: number;
                /** @description Lines that were not known. */
                entered: number;
                /** @description Lines that were entered before, word for word. */
                known: number;
            };
            /** @description The sums. */
            totals: {
                /** @description The currency, as an ISO 4217 code. */
                currency: string;
                /** @description What the lines say in all, before fees. */
                amount: number;
                /** @description What the provider keeps. */
                fee: number;
                /** @description What lines of other statements say about the same payments. */
                elsewhere: number;
                /** @description What the ledger has of all that, with what is missing. */
                ours: number;
                /** @description What of the difference somebody has explained. */
                explained: number;
                /** @description `amount + elsewhere - ours - explained`. */
                unexplained: number;
            }[];
        };
        StatementLine: {
            /** @description The id of the line; it is entered once. */
            reference: string;
            /** @description The payment or refund it is about, by the provider’s id or by ours; absent where `reference` is that. */
            payment?: string;
            /**
             * @description What kind it is.
             * @default charge
             * @enum {string}
             */
            kind: "charge" | "refund" | "dispute" | "fee" | "payout";
            /** @description As it changes our balance there: what is given back or paid out is negative. */
            amount: number;
            /** @description What the provider kept of it. */
            fee?: number;
            /** @description The currency, as an ISO 4217 code. */
            currency: string;
            /** @description ISO 8601. */
            at: string;
        };
        RecordedRefund: {
            /** @description The order. */
            orderId: string;
            /** @description The payment. */
            chargeId: string;
            /** @description The currency, as an ISO 4217 code. */
            currency: string;
            /** @description What was taken of it. */
            capturedAmount: number;
            /** @description What was given back. */
            refundedAmount: number;
            /** @description False where it was said before. */
            booked: boolean;
        };
        Recipient: {
            /** @description Its id. */
            id: string;
            /** @description What it is called. */
            name: string;
            /** @description The e-mail address. */
            email?: string;
            /** @description The connected account that shares are transferred to. */
            stripeAccountId?: string;
            /** @description When it was made. */
            createdTime: string;
        };
        DisputeEvidence: {
            /** @description Proof that the buyer used what was bought. */
            accessLog?: string;
            /** @description Where the buyer is billed. */
            billingAddress?: string;
            /** @description Why the buyer’s cancellation does not count. */
            cancellationRebuttal?: string;
            /** @description The buyer’s e-mail address. */
            customerEmail?: string;
            /** @description The address that the buyer ordered from. */
            customerIp?: string;
            /** @description What the buyer is called. */
            customerName?: string;
            /** @description What was sold. */
            productDescription?: string;
            /** @description What the seller says about refunds. */
            refundPolicy?: string;
            /** @description Why the buyer got no refund. */
            refundRefusal?: string;
            /** @description When the service was given. */
            serviceDate?: string;
            /** @description Where it was sent. */
            shippingAddress?: string;
            /** @description Who carried it. */
            shippingCarrier?: string;
            /** @description When it was sent. */
            shippingDate?: string;
            /** @description The carrier's number. */
            trackingNumber?: string;
            /** @description What else speaks for the seller. */
            other?: string;
            /**
             * @description Stored files (PDF, JPEG or PNG), one of a kind, 4.5 MB together.
             * @default []
             */
            files: {
                /**
                 * @description What kind it is.
                 * @enum {string}
                 */
                kind: "cancellationPolicy" | "customerCommunication" | "customerSignature" | "receipt" | "refundPolicy" | "serviceDocumentation" | "shippingDocumentation" | "other";
                /** @description The file. */
                fileId: string;
            }[];
        };
        Balance: {
            /** @description The currency of these amounts. */
            currency: string;
            /** @description What may be paid out. It may be below zero. */
            available: number;
            /** @description The share of captured payments that are not shared out yet. */
            pending: number;
            /** @description The share of payments that are disputed. */
            reserved: number;
            /** @description Shares that are too young to be paid out, are settled outside, or are about to be transferred again. */
            heldBack: number;
        };
        BalanceStatement: {
            /** @description The month. */
            month: string;
            /** @description The currency, as an ISO 4217 code. */
            currency: string;
            /** @description Where it begins. */
            fromTime: string;
            /** @description The end of the month, or now where it is not over. */
            untilTime: string;
            /** @description What was owed at the beginning. */
            opening: number;
            /** @description What was owed at the end: the opening balance and all amounts. */
            closing: number;
            /** @description The sums. */
            totals: {
                /**
                 * @description What type it is.
                 * @enum {string}
                 */
                type: "sale" | "refund" | "refund_failed" | "dispute" | "transfer" | "transfer_reversed" | "settlement" | "payout" | "payout_failed" | "cost" | "correction";
                /** @description How many there were. */
                count: number;
                /** @description An amount in the currency's major unit. */
                amount: number;
            }[];
            /** @description What it is made of. */
            entries: components["schemas"]["BalanceEntry"][];
        };
        BalanceEntry: {
            /** @description Its id. */
            id: string;
            /**
             * @description What moved the balance.
             * @enum {string}
             */
            type: "sale" | "refund" | "refund_failed" | "dispute" | "transfer" | "transfer_reversed" | "settlement" | "payout" | "payout_failed" | "cost" | "correction";
            /** @description An amount in the currency's major unit. */
            amount: number;
            /** @description The currency, as an ISO 4217 code. */
            currency: string;
            /** @description What was owed in this currency after it. */
            balance: number;
            /** @description The order. */
            orderId: string | null;
            /** @description The payout that it was part of. */
            payoutId: string | null;
            /** @description When it was made. */
            createdTime: string;
        };
        Payout: {
            /** @description Its id. */
            id: string;
            /** @description The merchant. */
            merchantId: string;
            /** @description The affiliate or referrer. */
            recipientId: string | null;
            /** @description The currency, as an ISO 4217 code. */
            currency: string;
            /** @description An amount in the currency's major unit. */
            amount: number;
            /**
             * @description How it is paid.
             * @enum {string}
             */
            method: "transfer" | "manual";
            /** @description The connected account of a transfer. */
            destination: string | null;
            /** @description By which it is found at the bank, or at the provider. */
            reference: string | null;
            /**
             * @description How far the payout is.
             * @enum {string}
             */
            state: "pending" | "paid" | "failed";
            /** @description When it came into each state. */
            stateTransitions: {
                [key: string]: string;
            };
            /** @description Why it failed. */
            reason: string | null;
            /** @description An API key, an operator, or `schedule`. */
            author: string;
            /** @description When it was made. */
            createdTime: string;
        };
        Fulfillment: {
            /** @description The fulfillment. */
            id: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdTime: string;
            /** @description The order. */
            orderId: string;
            /** @description What is bought, sent or given back, item by item. */
            items: {
                /** @description The item of the order. */
                itemId: string;
                /** @description The SKU. */
                skuId?: string;
                /** @description How many pieces. */
                quantity: number;
                /** @description How many pieces are given up. */
                cancelQuantity: number;
            }[];
            /** @description The parcel or print job. */
            shipmentId?: string;
            /** @description Who carries it. */
            trackingCompany?: string;
            /** @description The carrier's number. */
            trackingNumber?: string;
            /** @description Where to follow the parcel. */
            trackingUrl?: string;
            /** @description What the caller keeps with it: at most 20 keys. */
            metadata: components["schemas"]["Metadata"];
            /** @description Whether money is real. */
            liveMode: boolean;
        };
        Return: {
            /** @description Its id. */
            id: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdTime: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updatedTime: string;
            /** @description The order. */
            orderId: string;
            /** @description The currency, as an ISO 4217 code. */
            currency: string;
            /** @description What is bought, sent or given back, item by item. */
            items: {
                /** @description The item of the order. */
                itemId: string;
                /** @description The SKU. */
                skuId?: string;
                /** @description How many pieces. */
                quantity: number;
                /** @description How many pieces were taken back. */
                quantityAccepted: number;
                /** @description An amount in the currency's major unit. */
                amount?: number;
                /**
                 * @description How far the return is.
                 * @enum {string}
                 */
                state: "created" | "accepted";
            }[];
            /** @description Why. */
            reason?: string;
            /** @description Where the goods are sent back to. */
            location?: {
                [key: string]: unknown;
            };
            /**
             * @description How far the return is.
             * @enum {string}
             */
            state: "created" | "accepted";
            /** @description The refunds that came of it. */
            refundIds: string[];
            /** @description What the caller keeps with it: at most 20 keys. */
            metadata: components["schemas"]["Metadata"];
            /** @description Whether money is real. */
            liveMode: boolean;
        };
        Failure: {
            /**
             * @description Whether it was done.
             * @enum {boolean}
             */
            success: false;
            /** @description What went wrong. */
            error: {
                /** @description What a buyer enters. */
                code: string;
                /** @description The error in a sentence. */
                message: string;
            };
        };
        File: {
            /** @description Its id. */
            id: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdTime: string;
            /** @description What the file is called when it is downloaded. */
            fileName: string;
            /** @description The links. */
            links: components["schemas"]["FileLink"][];
            /**
             * @description Null for digital goods.
             * @enum {string|null}
             */
            purpose: "customer_invoice" | "customer_credit_memo" | "tax_document_customer_upload" | null;
            /** @description What people call the file. */
            title: string | null;
            /** @description In bytes. */
            size: number;
            /** @description What type it is. */
            type: string;
            /** @description The content; with a secret key only. */
            url: string;
            /** @description Whether money is real. */
            liveMode: boolean;
        };
        FileLink: {
            /** @description Its id. */
            id: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdTime: string;
            /** @description Whether it works no more. */
            expired: boolean;
            /**
             * Format: date-time
             * @description Until when it holds.
             */
            expiresTime: string;
            /** @description The file. */
            fileId: string;
            /** @description Whether money is real. */
            liveMode: boolean;
            /** @description What the caller keeps with it: at most 20 keys. */
            metadata?: components["schemas"]["Metadata"];
            /** @description Whoever has it may download the file, without credentials. */
            url: string;
        };
        WebhookEndpointWithSecret: components["schemas"]["WebhookEndpoint"] & {
            /** @description Shown this once. Verify `webhook-signature` with it. */
            secret: string;
        };
        WebhookEndpoint: {
            /** @description Its id. */
            id: string;
            /** @description An address on the web. */
            url: string;
            /** @description A description in words for people. */
            description?: string;
            /** @description The types. */
            types: string[];
            /** @description Whether it is in use. */
            enabled: boolean;
            /**
             * @description `gone`: it answered 410. `failing`: nothing arrived for five days. `merchant`: your wish.
             * @enum {string}
             */
            disabledReason?: "merchant" | "gone" | "failing";
            /**
             * Format: date-time
             * @description The first failure since the last success.
             */
            failingSince?: string;
            /**
             * Format: date-time
             * @description Until then events carry two signatures.
             */
            previousSecretExpiresTime?: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdTime: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updatedTime: string;
        };
        /** @description A webhook endpoint in Digital River’s words, by `/webhooks`. */
        WebhookWithSecret: components["schemas"]["Webhook"] & {
            /** @description Shown this once. */
            secret: string;
        };
        /** @description A webhook endpoint in Digital River’s words, by `/webhooks`. */
        Webhook: {
            /** @description The webhook. */
            id: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdTime: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updatedTime: string;
            /** @description The types. */
            types: string[];
            /** @description The version of the API that the client was written for. */
            apiVersion: string;
            /** @description Whether it is in use. */
            enabled: boolean;
            /** @description Where somebody lives, sells or receives. */
            address: string;
            /**
             * @description How events are sent.
             * @enum {string}
             */
            transportType: "HTTP";
        };
        EventDelivery: {
            /** @description Its id. */
            id: string;
            /** @description The event. */
            eventId: string;
            /**
             * @description What type it is.
             * @enum {string}
             */
            type: "checkout_session.order.created" | "order.created" | "order.pending_payment" | "order.review_opened" | "order.accepted" | "order.blocked" | "order.cancelled" | "order.confirmed" | "order.fulfilled" | "order.complete" | "order.refunded" | "order.charge.pending" | "order.charge.failed" | "order.charge.capturable" | "order.charge.processing" | "order.charge.complete" | "order.charge.cancelled" | "order.charge.capture.complete" | "order.charge.capture.failed" | "order.charge.cancel.complete" | "order.charge.cancel.failed" | "order.charge.refund.complete" | "order.charge.refund.failed" | "order.charge.reauth.failed" | "order.invoice.created" | "order.credit_memo.created" | "fulfillment.created" | "refund.pending" | "refund.pending_information" | "refund.complete" | "refund.failed" | "return.created" | "return.accepted" | "order.item.fulfilled" | "order.item.cancelled" | "order.item.returned" | "order.dispute" | "order.dispute.resolved" | "order.payment.late" | "order.attention" | "delivery.sent" | "delivery.failed" | "customer.created" | "customer.updated" | "customer.deleted" | "customer.source.created" | "customer.source.deleted" | "customer.tax_identifier.created" | "source.created" | "source.chargeable" | "checkout.created" | "checkout.updated" | "checkout.deleted" | "tax_identifier.pending" | "tax_identifier.verified" | "tax_identifier.not_valid" | "tax_identifier.deleted" | "webhook.test";
            /** @description The order. */
            orderId?: string;
            /**
             * @description How far it is.
             * @enum {string}
             */
            state: "pending" | "delivered" | "failed";
            /** @description The last twenty, oldest first. */
            attempts: {
                /**
                 * Format: date-time
                 * @description When it happened.
                 */
                at: string;
                /** @description How long the endpoint took, in milliseconds. */
                durationMs: number;
                /** @description The HTTP status the endpoint answered with. */
                status?: number;
                /** @description Why there was no answer. */
                error?: string;
                /** @description The first 500 characters of the answer. */
                response?: string;
            }[];
            /**
             * Format: date-time
             * @description When it is tried again.
             */
            nextAttemptTime?: string;
            /**
             * Format: date-time
             * @description When an endpoint took it.
             */
            deliveredTime?: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdTime: string;
        };
        Recovery: {
            /** @description How many events are sent again. */
            recovered: number;
        };
        Erasure: {
            /** @description Its id. */
            id: string;
            /** @description The order. */
            orderId?: string;
            /** @description The customer. */
            customerId?: string;
            /**
             * @description It waits until every order it reaches is over.
             * @enum {string}
             */
            state: "waiting" | "done";
            /**
             * Format: date-time
             * @description When it was asked for.
             */
            requestedTime: string;
            /**
             * Format: date-time
             * @description When it was done; null until then.
             */
            doneTime?: string;
            /** @description What was erased and what is kept. */
            report?: {
                /** @description The orders. */
                orders: number;
                /** @description How many checkouts. */
                checkouts: number;
                /** @description What is paid with. */
                sources: number;
                /** @description Emptied or deleted rows by table. */
                erased: {
                    [key: string]: number;
                };
                /** @description Where a search of the whole database still found the person. */
                left: {
                    /** @description The table of it. */
                    table: string;
                    /** @description The column of it. */
                    column: string;
                    /** @description How many rows. */
                    rows: number;
                    /** @description Why it is kept. */
                    why: string;
                }[] | null;
            };
        };
        Event: {
            /** @description Its id. */
            id: string;
            /**
             * @description What happened.
             * @enum {string}
             */
            type: "checkout_session.order.created" | "order.created" | "order.pending_payment" | "order.review_opened" | "order.accepted" | "order.blocked" | "order.cancelled" | "order.confirmed" | "order.fulfilled" | "order.complete" | "order.refunded" | "order.charge.pending" | "order.charge.failed" | "order.charge.capturable" | "order.charge.processing" | "order.charge.complete" | "order.charge.cancelled" | "order.charge.capture.complete" | "order.charge.capture.failed" | "order.charge.cancel.complete" | "order.charge.cancel.failed" | "order.charge.refund.complete" | "order.charge.refund.failed" | "order.charge.reauth.failed" | "order.invoice.created" | "order.credit_memo.created" | "fulfillment.created" | "refund.pending" | "refund.pending_information" | "refund.complete" | "refund.failed" | "return.created" | "return.accepted" | "order.item.fulfilled" | "order.item.cancelled" | "order.item.returned" | "order.dispute" | "order.dispute.resolved" | "order.payment.late" | "order.attention" | "delivery.sent" | "delivery.failed" | "customer.created" | "customer.updated" | "customer.deleted" | "customer.source.created" | "customer.source.deleted" | "customer.tax_identifier.created" | "source.created" | "source.chargeable" | "checkout.created" | "checkout.updated" | "checkout.deleted" | "tax_identifier.pending" | "tax_identifier.verified" | "tax_identifier.not_valid" | "tax_identifier.deleted" | "webhook.test";
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdTime: string;
            /** @description Whether money is real. */
            liveMode: boolean;
            /** @description What the answer is about. */
            data: {
                /** @description The order, refund, return or fulfilment as it was when this happened. */
                object: {
                    [key: string]: unknown;
                };
                /** @description What was different before. */
                previousAttributes?: {
                    [key: string]: unknown;
                };
            };
            /** @description Counts the events of one order from 1 without gaps; 0 for events of no order. */
            sequence: number;
        };
        Session: {
            /** @description Who has signed in. */
            user: {
                /** @description The e-mail address. */
                email: string;
                /**
                 * @description Whether the person operates the installation or belongs to a merchant.
                 * @enum {string}
                 */
                role: "operator" | "merchant";
            };
            /** @description Until when it holds. */
            expiresTime: string;
        };
        Task: {
            /** @description Its id. */
            id: string;
            /** @description What it does. */
            job: string;
            /** @description The queue that it waits in. */
            queue: string;
            /** @description The order. */
            orderId: string | null;
            /**
             * @description Whether it is done.
             * @enum {string}
             */
            state: "pending" | "enqueued" | "done" | "failed";
            /** @description How often it was tried. */
            attempts: number;
            /** @description A code, never personal data. */
            lastError: string | null;
            /** @description When it is due. */
            runTime: string;
            /** @description When it was made. */
            createdTime: string;
            /** @description When it was done; null until then. */
            doneTime: string | null;
        };
        Orphan: {
            /** @description Its id. */
            id: string;
            /** @description The payment provider. */
            provider: string;
            /** @description What type it is. */
            type: string;
            /** @description Its id at the provider, or in the caller's books. */
            reference: string | null;
            /**
             * @description Why it was not applied.
             * @enum {string}
             */
            outcome: "orphaned" | "unhandled";
            /** @description When it was received. */
            receivedTime: string;
        };
        Replay: {
            /** @description Lines on which both sides agree. */
            matched: number;
            /** @description Run again within seconds; in a dry run: would be. */
            replayed: number;
            /** @description Applied or judged before; nothing is done to them. */
            skipped: number;
            /** @description Whether nothing was changed, only counted. */
            dryRun: boolean;
        };
        AuditedBalance: {
            /** @description The payment provider. */
            provider: string;
            /** @description The currency, as an ISO 4217 code. */
            currency: string;
            /** @description What the provider says. */
            theirs: number;
            /** @description What we have. */
            ours: number;
            /** @description What has left one side and not reached the other. */
            underWay: number;
            /** @description What of the difference somebody has explained. */
            explained: number;
            /** @description What of the difference nobody has explained. */
            unexplained: number;
            /** @description How many disagreements nobody has explained. */
            openFindings: number;
        };
        AuditFinding: {
            /** @description Its id. */
            id: string;
            /** @description The payment provider. */
            provider: string;
            /** @description The currency, as an ISO 4217 code. */
            currency: string;
            /** @description A charge, an operation, or a line of the provider’s books. */
            subject: string;
            /** @description The order. */
            orderId: string | null;
            /**
             * @description How the books disagree.
             * @enum {string}
             */
            kind: "missing_here" | "missing_there" | "amount_differs" | "currency_differs" | "not_cleared";
            /** @description What the provider says. */
            theirs: number;
            /** @description What we have. */
            ours: number;
            /**
             * @description How far it is.
             * @enum {string}
             */
            state: "open" | "explained" | "corrected";
            /** @description Why it is right that the books disagree, once somebody has said so. */
            reason: string | null;
            /** @description Who entered it. */
            author: string | null;
            /** @description When it was made. */
            createdTime: string;
        };
        LedgerEntry: {
            /** @description Its id. */
            id: string;
            /** @description The two entries of a movement have the same. */
            correlationKey: string;
            /** @description The order. */
            orderId: string | null;
            /** @description The payout that it was part of. */
            payoutId: string | null;
            /** @description The account of the ledger, such as `merchant:mer_…`. */
            account: string;
            /** @description An amount in the currency's major unit. */
            amount: number;
            /** @description The currency, as an ISO 4217 code. */
            currency: string;
            /** @description When it was made. */
            createdTime: string;
        };
        AccountBalance: {
            /** @description Its id. */
            id: string;
            /** @description The account. */
            account: string;
            /** @description The currency, as an ISO 4217 code. */
            currency: string;
            /** @description What the account holds. */
            balance: number;
        };
        JournalLine: {
            /** @description Its id. */
            id: string;
            /** @description What was booked; the two rows of the ledger have the same. */
            reference: string;
            /** @description The order. */
            orderId: string | null;
            /** @description The account that has less by it, which is credited. */
            from: string;
            /** @description The account that has more by it, which is debited. */
            to: string;
            /** @description An amount in the currency's major unit. */
            amount: number;
            /** @description The currency, as an ISO 4217 code. */
            currency: string;
            /** @description When it was made. */
            createdTime: string;
        };
        TaxReportLine: {
            /** @description The company that sells, and owes the tax. */
            sellingEntity: string;
            /** @description The country, as an ISO 3166 code of two letters. */
            country: string;
            /** @description The state or province; null where tax is the country’s. */
            region: string | null;
            /** @description The currency, as an ISO 4217 code. */
            currency: string;
            /** @description How many sales. */
            sales: number;
            /** @description The tax that buyers paid. */
            collected: number;
            /** @description What was given back, one by one. */
            refunds: number;
            /** @description The tax that was given back. */
            returned: number;
            /** @description What was collected less what was given back. */
            owed: number;
        };
        DeniedList: {
            /** @description The name of the list. */
            list: string;
            /** @description What it is made of. */
            entries: number;
            /** @description When the list was last replaced. */
            importedTime: string;
        };
        ReplacedDeniedList: {
            /** @description The name of the list. */
            list: string;
            /** @description What it is made of. */
            entries: number;
            /** @description How many other names the list has. */
            aliases: number;
            /** @description How many addresses the list has. */
            addresses: number;
        };
        Operator: {
            /** @description Its id. */
            id: string;
            /** @description The e-mail address. */
            email: string;
            /** @description When it was made. */
            createdTime: string;
        };
        Ready: {
            /**
             * @description Whether Postgres answers.
             * @enum {string}
             */
            postgres: "up" | "down";
            /**
             * @description Whether Redis answers.
             * @enum {string}
             */
            redis: "up" | "down";
            /** @description The version of Redis. */
            redisVersion?: string;
            /** @description What Redis does when it is full. */
            redisEvictionPolicy?: string;
            /** @description For how long the oldest webhook has waited; null when none waits. */
            oldestUnhandledEventSeconds: number | null;
            /** @description For how long the oldest due task has waited; null when none waits. */
            oldestDueTaskSeconds: number | null;
            /** @description The providers that do not answer. */
            providersDown: string[];
            /** @description Whether something is wrong although orders are taken. */
            degraded: boolean;
            /** @description What is wrong, in sentences. */
            problems: string[];
            /**
             * @description How far it is.
             * @enum {string}
             */
            status: "ready";
        };
        Unready: {
            /**
             * @description Whether Postgres answers.
             * @enum {string}
             */
            postgres: "up" | "down";
            /**
             * @description Whether Redis answers.
             * @enum {string}
             */
            redis: "up" | "down";
            /** @description The version of Redis. */
            redisVersion?: string;
            /** @description What Redis does when it is full. */
            redisEvictionPolicy?: string;
            /** @description For how long the oldest webhook has waited; null when none waits. */
            oldestUnhandledEventSeconds: number | null;
            /** @description For how long the oldest due task has waited; null when none waits. */
            oldestDueTaskSeconds: number | null;
            /** @description The providers that do not answer. */
            providersDown: string[];
            /** @description Whether something is wrong although orders are taken. */
            degraded: boolean;
            /** @description What is wrong, in sentences. */
            problems: string[];
            /**
             * @description How far it is.
             * @enum {string}
             */
            status: "unready";
            /** @description What type it is. */
            type: string;
            /** @description What is wrong; everything that is missing is named at once. */
            errors: {
                /** @description What a buyer enters. */
                code: string;
                /** @description The error in a sentence. */
                message: string;
                /** @description The parameter that is meant. */
                parameter?: string;
            }[];
        };
    };
    responses: {
        /** @description The request is not valid. */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description No valid API key. */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Another kind of key is needed. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Unknown, or not yours. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Not possible in the present state. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The body is larger than 1 MiB. */
        PayloadTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Too many of these; try again after `Retry-After` seconds. */
        TooManyRequests: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Temporarily unavailable; try again after `Retry-After` seconds. */
        Unavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export interface operations {
    listSkus: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description The first id of the page after. */
                endingBefore?: string;
                /** @description How their name begins, or a SKU’s id. */
                q?: string;
                /** @description With a secret key: those that were taken off sale, in place of those that are on it. */
                archived?: "true" | "false";
                /** @description Only those made at this moment. */
                createdTime?: string;
                /** @description Only those made at this moment. */
                "createdTime[eq]"?: string;
                /** @description Only those made after it. */
                "createdTime[gt]"?: string;
                /** @description Only those made then or later. */
                "createdTime[gte]"?: string;
                /** @description Only those made before it. */
                "createdTime[lt]"?: string;
                /** @description Only those made then or before. */
                "createdTime[lte]"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["Sku"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createSku: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Its id. */
                    id?: string;
                    /** @description What it is called. */
                    name: string;
                    /** @description A description in words for people. */
                    description?: string;
                    /**
                     * Format: uri
                     * @description The address of its picture.
                     */
                    imageUrl?: string;
                    /** @description How often it may be downloaded. */
                    downloadLimit?: number;
                    /** @description Hands out a licence key of its pool with every item. */
                    licensed?: boolean;
                    /**
                     * @description What kind it is.
                     * @enum {string}
                     */
                    kind: "digital" | "physical" | "pod";
                    /** @description The price of one piece. */
                    price: number;
                    /** @description The currency, as an ISO 4217 code. */
                    currency: string;
                    /** @description The merchant. */
                    merchantId?: string;
                    /** @description How the goods are taxed, by the provider’s list of codes. */
                    taxCode?: string;
                    /** @description The weight of one piece. */
                    weight?: number;
                    /**
                     * @description The unit of weight.
                     * @enum {string}
                     */
                    weightUnit?: "oz" | "lb" | "g" | "kg";
                    /** @description How large one piece is, packed. */
                    dimensions?: {
                        /** @description Length. */
                        length: number;
                        /** @description Width. */
                        width: number;
                        /** @description Height. */
                        height: number;
                        /**
                         * @description The unit of length.
                         * @default in
                         * @enum {string}
                         */
                        unit?: "in" | "cm";
                    };
                    /** @description Where it was made, as an ISO 3166 code. */
                    countryOfOrigin?: string;
                    /** @description What is printed, and on what. */
                    printful?: {
                        /** @description Printful's id of the variant that is printed on. */
                        variantId: number;
                        /** @description The files. */
                        files: {
                            /**
                             * Format: uri
                             * @description An address on the web.
                             */
                            url: string;
                            /** @description What type it is. */
                            type?: string;
                        }[];
                    };
                    /** @description What the buyer was handed over. */
                    delivery?: {
                        /**
                         * @description What kind of content it is.
                         * @enum {string}
                         */
                        contentType: "file" | "link" | "text";
                        /** @description What the buyer gets: a text, an address, or the file’s address. */
                        content: string;
                    };
                    /** @description The share of a registered affiliate, in hundredths of a percent. */
                    affiliateBps?: number;
                    /** @description The platform's commission, in hundredths of a percent; null takes the default. */
                    commissionBps?: number;
                    /**
                     * @description False keeps it out of the catalogue that publishable keys read.
                     * @default true
                     */
                    listed?: boolean;
                    /** @description Pieces that can still be sold; null stops counting. Left out, it stays as it is. */
                    inventory?: number | null;
                    /** @description What the caller keeps with it: at most 20 keys. */
                    metadata?: components["schemas"]["Metadata"];
                };
            };
        };
        responses: {
            /** @description The SKU. */
            201: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sku"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listProducts: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description The first id of the page after. */
                endingBefore?: string;
                /** @description With a secret key: those that were taken off sale, in place of those that are on it. */
                archived?: "true" | "false";
                /** @description Only those made at this moment. */
                createdTime?: string;
                /** @description Only those made at this moment. */
                "createdTime[eq]"?: string;
                /** @description Only those made after it. */
                "createdTime[gt]"?: string;
                /** @description Only those made then or later. */
                "createdTime[gte]"?: string;
                /** @description Only those made before it. */
                "createdTime[lt]"?: string;
                /** @description Only those made then or before. */
                "createdTime[lte]"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["Product"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What it is called. */
                    name: string;
                    /** @description A description in words for people. */
                    description?: string;
                    /**
                     * Format: uri
                     * @description The address of its picture.
                     */
                    imageUrl?: string;
                    /** @description What buyers choose, or what a variant is of it. */
                    options: components["schemas"]["ProductOption"][];
                    /**
                     * @description What kind it is.
                     * @enum {string}
                     */
                    kind: "digital" | "physical" | "pod";
                    /** @description The currency, as an ISO 4217 code. */
                    currency: string;
                    /** @description The merchant. */
                    merchantId?: string;
                    /** @description The variants, each of them a SKU. */
                    variants: {
                        /** @description Its id. */
                        id?: string;
                        /**
                         * Format: uri
                         * @description The address of its picture.
                         */
                        imageUrl?: string;
                        /** @description How often it may be downloaded. */
                        downloadLimit?: number;
                        /** @description Hands out a licence key of its pool with every item. */
                        licensed?: boolean;
                        /** @description The price of one piece. */
                        price: number;
                        /** @description How the goods are taxed, by the provider’s list of codes. */
                        taxCode?: string;
                        /** @description The weight of one piece. */
                        weight?: number;
                        /**
                         * @description The unit of weight.
                         * @enum {string}
                         */
                        weightUnit?: "oz" | "lb" | "g" | "kg";
                        /** @description How large one piece is, packed. */
                        dimensions?: {
                            /** @description Length. */
                            length: number;
                            /** @description Width. */
                            width: number;
                            /** @description Height. */
                            height: number;
                            /**
                             * @description The unit of length.
                             * @default in
                             * @enum {string}
                             */
                            unit?: "in" | "cm";
                        };
                        /** @description Where it was made, as an ISO 3166 code. */
                        countryOfOrigin?: string;
                        /** @description What is printed, and on what. */
                        printful?: {
                            /** @description Printful's id of the variant that is printed on. */
                            variantId: number;
                            /** @description The files. */
                            files: {
                                /**
                                 * Format: uri
                                 * @description An address on the web.
                                 */
                                url: string;
                                /** @description What type it is. */
                                type?: string;
                            }[];
                        };
                        /** @description What the buyer was handed over. */
                        delivery?: {
                            /**
                             * @description What kind of content it is.
                             * @enum {string}
                             */
                            contentType: "file" | "link" | "text";
                            /** @description What the buyer gets: a text, an address, or the file’s address. */
                            content: string;
                        };
                        /** @description The share of a registered affiliate, in hundredths of a percent. */
                        affiliateBps?: number;
                        /**
                         * @description False keeps it out of the catalogue that publishable keys read.
                         * @default true
                         */
                        listed?: boolean;
                        /** @description Pieces that can still be sold; null stops counting. Left out, it stays as it is. */
                        inventory?: number | null;
                        /** @description What the caller keeps with it: at most 20 keys. */
                        metadata?: components["schemas"]["Metadata"];
                        /** @description What buyers choose, or what a variant is of it. */
                        options: components["schemas"]["VariantOption"][];
                    }[];
                };
            };
        };
        responses: {
            /** @description The product with its variants. */
            201: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    addVariant: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Its id. */
                    id?: string;
                    /**
                     * Format: uri
                     * @description The address of its picture.
                     */
                    imageUrl?: string;
                    /** @description How often it may be downloaded. */
                    downloadLimit?: number;
                    /** @description Hands out a licence key of its pool with every item. */
                    licensed?: boolean;
                    /** @description The price of one piece. */
                    price: number;
                    /** @description How the goods are taxed, by the provider’s list of codes. */
                    taxCode?: string;
                    /** @description The weight of one piece. */
                    weight?: number;
                    /**
                     * @description The unit of weight.
                     * @enum {string}
                     */
                    weightUnit?: "oz" | "lb" | "g" | "kg";
                    /** @description How large one piece is, packed. */
                    dimensions?: {
                        /** @description Length. */
                        length: number;
                        /** @description Width. */
                        width: number;
                        /** @description Height. */
                        height: number;
                        /**
                         * @description The unit of length.
                         * @default in
                         * @enum {string}
                         */
                        unit?: "in" | "cm";
                    };
                    /** @description Where it was made, as an ISO 3166 code. */
                    countryOfOrigin?: string;
                    /** @description What is printed, and on what. */
                    printful?: {
                        /** @description Printful's id of the variant that is printed on. */
                        variantId: number;
                        /** @description The files. */
                        files: {
                            /**
                             * Format: uri
                             * @description An address on the web.
                             */
                            url: string;
                            /** @description What type it is. */
                            type?: string;
                        }[];
                    };
                    /** @description What the buyer was handed over. */
                    delivery?: {
                        /**
                         * @description What kind of content it is.
                         * @enum {string}
                         */
                        contentType: "file" | "link" | "text";
                        /** @description What the buyer gets: a text, an address, or the file’s address. */
                        content: string;
                    };
                    /** @description The share of a registered affiliate, in hundredths of a percent. */
                    affiliateBps?: number;
                    /**
                     * @description False keeps it out of the catalogue that publishable keys read.
                     * @default true
                     */
                    listed?: boolean;
                    /** @description Pieces that can still be sold; null stops counting. Left out, it stays as it is. */
                    inventory?: number | null;
                    /** @description What the caller keeps with it: at most 20 keys. */
                    metadata?: components["schemas"]["Metadata"];
                    /** @description What buyers choose, or what a variant is of it. */
                    options: components["schemas"]["VariantOption"][];
                };
            };
        };
        responses: {
            /** @description The variant, which is a SKU. */
            201: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sku"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readProduct: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The product with its variants. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    replaceProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What it is called. */
                    name: string;
                    /** @description A description in words for people. */
                    description?: string;
                    /**
                     * Format: uri
                     * @description The address of its picture.
                     */
                    imageUrl?: string;
                    /** @description What buyers choose, or what a variant is of it. */
                    options: components["schemas"]["ProductOption"][];
                };
            };
        };
        responses: {
            /** @description The product with its variants. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    archiveProduct: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No longer on sale. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    restoreProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The product with its variants. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readSku: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The SKU. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sku"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    replaceSku: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Its id. */
                    id?: string;
                    /** @description What it is called. */
                    name: string;
                    /** @description A description in words for people. */
                    description?: string;
                    /**
                     * Format: uri
                     * @description The address of its picture.
                     */
                    imageUrl?: string;
                    /** @description How often it may be downloaded. */
                    downloadLimit?: number;
                    /** @description Hands out a licence key of its pool with every item. */
                    licensed?: boolean;
                    /**
                     * @description What kind it is.
                     * @enum {string}
                     */
                    kind: "digital" | "physical" | "pod";
                    /** @description The price of one piece. */
                    price: number;
                    /** @description The currency, as an ISO 4217 code. */
                    currency: string;
                    /** @description The merchant. */
                    merchantId?: string;
                    /** @description How the goods are taxed, by the provider’s list of codes. */
                    taxCode?: string;
                    /** @description The weight of one piece. */
                    weight?: number;
                    /**
                     * @description The unit of weight.
                     * @enum {string}
                     */
                    weightUnit?: "oz" | "lb" | "g" | "kg";
                    /** @description How large one piece is, packed. */
                    dimensions?: {
                        /** @description Length. */
                        length: number;
                        /** @description Width. */
                        width: number;
                        /** @description Height. */
                        height: number;
                        /**
                         * @description The unit of length.
                         * @default in
                         * @enum {string}
                         */
                        unit?: "in" | "cm";
                    };
                    /** @description Where it was made, as an ISO 3166 code. */
                    countryOfOrigin?: string;
                    /** @description What is printed, and on what. */
                    printful?: {
                        /** @description Printful's id of the variant that is printed on. */
                        variantId: number;
                        /** @description The files. */
                        files: {
                            /**
                             * Format: uri
                             * @description An address on the web.
                             */
                            url: string;
                            /** @description What type it is. */
                            type?: string;
                        }[];
                    };
                    /** @description What the buyer was handed over. */
                    delivery?: {
                        /**
                         * @description What kind of content it is.
                         * @enum {string}
                         */
                        contentType: "file" | "link" | "text";
                        /** @description What the buyer gets: a text, an address, or the file’s address. */
                        content: string;
                    };
                    /** @description The share of a registered affiliate, in hundredths of a percent. */
                    affiliateBps?: number;
                    /** @description The platform's commission, in hundredths of a percent; null takes the default. */
                    commissionBps?: number;
                    /**
                     * @description False keeps it out of the catalogue that publishable keys read.
                     * @default true
                     */
                    listed?: boolean;
                    /** @description Pieces that can still be sold; null stops counting. Left out, it stays as it is. */
                    inventory?: number | null;
                    /** @description What the caller keeps with it: at most 20 keys. */
                    metadata?: components["schemas"]["Metadata"];
                };
            };
        };
        responses: {
            /** @description The SKU. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sku"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeSku: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No longer on sale. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    stockSku: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description How many pieces more there are; below zero, how many fewer. */
                    adjustBy?: number;
                    /** @description Pieces that can still be sold; null or left out where nobody counts them. */
                    inventory?: number | null;
                };
            };
        };
        responses: {
            /** @description The SKU. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sku"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    restoreSku: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The SKU. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sku"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listMerchants: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description How their name or e-mail address begins; or an id. */
                q?: string;
                /** @description Only those made at this moment. */
                createdTime?: string;
                /** @description Only those made at this moment. */
                "createdTime[eq]"?: string;
                /** @description Only those made after it. */
                "createdTime[gt]"?: string;
                /** @description Only those made then or later. */
                "createdTime[gte]"?: string;
                /** @description Only those made before it. */
                "createdTime[lt]"?: string;
                /** @description Only those made then or before. */
                "createdTime[lte]"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["Merchant"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createSeller: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What it is called. */
                    name: string;
                    /**
                     * Format: email
                     * @description The e-mail address.
                     */
                    email?: string;
                    /** @description Platform commission in basis points; without it the default applies. A marketplace sets it for its sellers, an operator for everybody. */
                    commissionBps?: number;
                    /** @description Platform commission per order, in minor units of the order. */
                    commissionFixed?: number;
                    /** @description The connected account that shares are transferred to. */
                    stripeAccountId?: string;
                    /** @description Where goods leave from. */
                    shipFrom?: components["schemas"]["Address"];
                    /**
                     * @description Whether prices of carts and checkout links bear tax: `none`, on top of them (`exclusive`) or within them (`inclusive`). Absent keeps what it is.
                     * @enum {string}
                     */
                    cartTax?: "none" | "exclusive" | "inclusive";
                };
            };
        };
        responses: {
            /** @description The seller. */
            201: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Merchant"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readMerchant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The merchant. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Merchant"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    replaceMerchant: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What it is called. */
                    name: string;
                    /**
                     * Format: email
                     * @description The e-mail address.
                     */
                    email?: string;
                    /** @description Platform commission in basis points; without it the default applies. A marketplace sets it for its sellers, an operator for everybody. */
                    commissionBps?: number;
                    /** @description Platform commission per order, in minor units of the order. */
                    commissionFixed?: number;
                    /** @description The connected account that shares are transferred to. */
                    stripeAccountId?: string;
                    /** @description Where goods leave from. */
                    shipFrom?: components["schemas"]["Address"];
                    /**
                     * @description Whether prices of carts and checkout links bear tax: `none`, on top of them (`exclusive`) or within them (`inclusive`). Absent keeps what it is.
                     * @enum {string}
                     */
                    cartTax?: "none" | "exclusive" | "inclusive";
                };
            };
        };
        responses: {
            /** @description The merchant. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Merchant"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readBrand: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The brand; null where nothing was said. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Brand"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    changeBrand: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What buyers read in place of the merchant’s name. */
                    displayName?: string | null;
                    /** @description The colour of buttons and links, as `#rrggbb`. */
                    accent?: string | null;
                    /**
                     * Format: uri
                     * @description Where the terms are.
                     */
                    termsUrl?: string | null;
                    /**
                     * Format: uri
                     * @description Where the privacy notice is.
                     */
                    privacyUrl?: string | null;
                    /** @description Who sells, as the law of many countries asks for it. */
                    imprint?: string | null;
                    /**
                     * Format: email
                     * @description Where buyers send their questions.
                     */
                    supportEmail?: string | null;
                    /** @description An uploaded picture of which the logo is drawn. */
                    logoFileId?: string | null;
                };
            };
        };
        responses: {
            /** @description The brand as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Brand"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createCart: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: email
                     * @description The e-mail address.
                     */
                    email?: string;
                    /** @description The language and country of its buyer. */
                    locale?: string | "default";
                    /** @description Where goods go to. */
                    shipTo?: components["schemas"]["Address"];
                    /** @description Whom the invoice is for. */
                    billTo?: components["schemas"]["Address"];
                    /** @description The way of sending that was chosen. */
                    shippingChoice?: {
                        /** @description Its id. */
                        id?: string;
                        /** @description Secret key only; a storefront chooses a rate by its id. */
                        amount?: number;
                        /** @description A description in words for people. */
                        description?: string;
                        /** @description How fast it is sent. */
                        serviceLevel?: string;
                    };
                    /** @description Secret key only: recipients who earn by this sale. A buyer earns nothing by the own order. */
                    attribution?: {
                        /** @description The recipient who brought the buyer. */
                        affiliateId?: string;
                        /** @description The recipient who recommended the shop. */
                        referrerId?: string;
                    };
                    /** @description Secret key only: off the whole cart, spread over its lines. Null takes it away. */
                    discount?: {
                        /** @description What is taken off, as an amount. */
                        amountOff?: number;
                        /** @description What is taken off, in percent. */
                        percentOff?: number;
                    } | null;
                    /** @description Off what is left then. Null takes it away. Whoever guesses codes with a publishable key is slowed down. */
                    couponCode?: string | null;
                    /** @description What the caller keeps with it: at most 20 keys. */
                    metadata?: components["schemas"]["Metadata"];
                    /** @description The currency, as an ISO 4217 code. */
                    currency: string;
                    /**
                     * @description What is bought, sent or given back, item by item.
                     * @default []
                     */
                    items?: {
                        /** @description The SKU. */
                        skuId: string;
                        /**
                         * @description How many pieces.
                         * @default 1
                         */
                        quantity?: number;
                        /** @description Secret key only: off this line, an amount once. */
                        discount?: {
                            /** @description What is taken off, as an amount. */
                            amountOff?: number;
                            /** @description What is taken off, in percent. */
                            percentOff?: number;
                        } | null;
                    }[];
                };
            };
        };
        responses: {
            /** @description The cart. */
            201: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readCart: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The cart. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    changeCart: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: email
                     * @description The e-mail address.
                     */
                    email?: string;
                    /** @description The language and country of its buyer. */
                    locale?: string | "default";
                    /** @description Where goods go to. */
                    shipTo?: components["schemas"]["Address"];
                    /** @description Whom the invoice is for. */
                    billTo?: components["schemas"]["Address"];
                    /** @description The way of sending that was chosen. */
                    shippingChoice?: {
                        /** @description Its id. */
                        id?: string;
                        /** @description Secret key only; a storefront chooses a rate by its id. */
                        amount?: number;
                        /** @description A description in words for people. */
                        description?: string;
                        /** @description How fast it is sent. */
                        serviceLevel?: string;
                    };
                    /** @description Secret key only: recipients who earn by this sale. A buyer earns nothing by the own order. */
                    attribution?: {
                        /** @description The recipient who brought the buyer. */
                        affiliateId?: string;
                        /** @description The recipient who recommended the shop. */
                        referrerId?: string;
                    };
                    /** @description Secret key only: off the whole cart, spread over its lines. Null takes it away. */
                    discount?: {
                        /** @description What is taken off, as an amount. */
                        amountOff?: number;
                        /** @description What is taken off, in percent. */
                        percentOff?: number;
                    } | null;
                    /** @description Off what is left then. Null takes it away. Whoever guesses codes with a publishable key is slowed down. */
                    couponCode?: string | null;
                    /** @description What the caller keeps with it: at most 20 keys. */
                    metadata?: components["schemas"]["Metadata"];
                };
            };
        };
        responses: {
            /** @description The cart. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    addCartItem: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The SKU. */
                    skuId: string;
                    /**
                     * @description How many pieces.
                     * @default 1
                     */
                    quantity?: number;
                    /** @description Secret key only: off this line, an amount once. */
                    discount?: {
                        /** @description What is taken off, as an amount. */
                        amountOff?: number;
                        /** @description What is taken off, in percent. */
                        percentOff?: number;
                    } | null;
                };
            };
        };
        responses: {
            /** @description The cart. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeCartItem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
                /** @description The item of the order. */
                itemId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The cart. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    changeCartItem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
                /** @description The item of the order. */
                itemId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Secret key only: off this line, an amount once. */
                    discount?: {
                        /** @description What is taken off, as an amount. */
                        amountOff?: number;
                        /** @description What is taken off, in percent. */
                        percentOff?: number;
                    } | null;
                    /** @description How many pieces. */
                    quantity: number;
                };
            };
        };
        responses: {
            /** @description The cart. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listShippingRates: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Cheapest first; empty when nothing is shipped or nobody delivers there. Then `shipping-problems` says why. */
            200: {
                headers: {
                    /** @description Whose goods nobody sends, and why: `seller_address_missing`, `carrier_not_configured`, `printer_not_configured`, `not_delivered_there` or `not_quoted_in_currency`, each with its seller: `not_delivered_there;seller=mer_1`. */
                    "shipping-problems"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShippingRate"][];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    calculateCartTax: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The cart with its tax; as it was where its merchant’s prices bear none. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listCoupons: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description Only those that are switched on, or off. */
                active?: string;
                /** @description How their code begins, whatever the case; or an id. */
                q?: string;
                /** @description Only those made at this moment. */
                createdTime?: string;
                /** @description Only those made at this moment. */
                "createdTime[eq]"?: string;
                /** @description Only those made after it. */
                "createdTime[gt]"?: string;
                /** @description Only those made then or later. */
                "createdTime[gte]"?: string;
                /** @description Only those made before it. */
                "createdTime[lt]"?: string;
                /** @description Only those made then or before. */
                "createdTime[lte]"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["Coupon"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createCoupon: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What a buyer enters. */
                    code: string;
                    /** @description Off the goods it is for. Give this or `amountOff`. */
                    percentOff?: number;
                    /** @description Off the goods it is for, once an order. */
                    amountOff?: number;
                    /** @description Of its amounts; carts of another have no use for it. */
                    currency?: string | null;
                    /** @description The goods it is for; all without. */
                    skuIds?: string[] | null;
                    /** @description What all goods cost together before it, at least. */
                    minimumAmount?: number | null;
                    /**
                     * Format: date-time
                     * @description From when on it counts.
                     */
                    validFrom?: string | null;
                    /**
                     * Format: date-time
                     * @description Until when it counts; null without an end.
                     */
                    validUntil?: string | null;
                    /** @description How often it may be used; null without a limit. */
                    maxRedemptions?: number | null;
                    /** @description By the address, whatever tag it carries. */
                    oncePerBuyer?: boolean;
                    /** @description Whether it can be used. */
                    active?: boolean;
                };
            };
        };
        responses: {
            /** @description The coupon. */
            201: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Coupon"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readCoupon: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The coupon. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Coupon"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    changeCoupon: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Buyers may write it in any case. */
                    code?: string;
                    /** @description Off the goods it is for. Give this or `amountOff`. */
                    percentOff?: number;
                    /** @description Off the goods it is for, once an order. */
                    amountOff?: number;
                    /** @description Of its amounts; carts of another have no use for it. */
                    currency?: string | null;
                    /** @description The goods it is for; all without. */
                    skuIds?: string[] | null;
                    /** @description What all goods cost together before it, at least. */
                    minimumAmount?: number | null;
                    /**
                     * Format: date-time
                     * @description From when on it counts.
                     */
                    validFrom?: string | null;
                    /**
                     * Format: date-time
                     * @description Until when it counts; null without an end.
                     */
                    validUntil?: string | null;
                    /** @description How often it may be used; null without a limit. */
                    maxRedemptions?: number | null;
                    /** @description By the address, whatever tag it carries. */
                    oncePerBuyer?: boolean;
                    /** @description Whether it can be used. */
                    active?: boolean;
                };
            };
        };
        responses: {
            /** @description The coupon. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Coupon"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeCoupon: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Orders that have it keep their price. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listCheckouts: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description The first id of the page after. */
                endingBefore?: string;
                /** @description Only these, separated by commas. */
                ids?: string | string[];
                /** @description Only those with these numbers in the caller's books. */
                upstreamIds?: string | string[];
                /** @description The customer. */
                customerId?: string;
                /** @description The e-mail address. */
                email?: string;
                /** @description The currency, as an ISO 4217 code. */
                currency?: string;
                /** @description Only those made at this moment. */
                createdTime?: string;
                /** @description Only those made at this moment. */
                "createdTime[eq]"?: string;
                /** @description Only those made after it. */
                "createdTime[gt]"?: string;
                /** @description Only those made then or later. */
                "createdTime[gte]"?: string;
                /** @description Only those made before it. */
                "createdTime[lt]"?: string;
                /** @description Only those made then or before. */
                "createdTime[lte]"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Checkouts. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["Checkout"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createCheckout: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The customer. */
                    customerId?: string;
                    /**
                     * Format: uuid
                     * @description The source: what is paid with.
                     */
                    sourceId?: string;
                    /**
                     * Format: email
                     * @description The e-mail address.
                     */
                    email?: string;
                    /** @description The language and country of its buyer. */
                    locale?: string | "default";
                    /** @description The program that made it, in its own words. */
                    applicationId?: string;
                    /**
                     * Format: ip
                     * @description The address of the buyer’s browser.
                     */
                    browserIp?: string;
                    /** @description Its number in the caller's books. */
                    upstreamId?: string;
                    /** @description Tax numbers of a business. */
                    taxIdentifiers?: ({
                        /** @description Its id. */
                        id: string;
                    } & {
                        [key: string]: unknown;
                    })[];
                    /** @description Where goods leave from. */
                    shipFrom?: components["schemas"]["Party"];
                    /** @description Where goods go to. */
                    shipTo?: components["schemas"]["Party"];
                    /** @description Whom the invoice is for. */
                    billTo?: components["schemas"]["Party"];
                    /** @description The company. */
                    organization?: {
                        /** @description Its id. */
                        id?: string;
                    } & {
                        [key: string]: unknown;
                    };
                    /** @description The way of sending that was chosen. */
                    shippingChoice?: {
                        /** @description Its id. */
                        id?: string;
                        /**
                         * @description An amount in the currency's major unit.
                         * @default 0
                         */
                        amount?: number;
                        /** @description A description in words for people. */
                        description?: string;
                        /** @description How fast it is sent. */
                        serviceLevel?: string;
                        /**
                         * @description Who pays duties: the seller (DDP) or the buyer (DAP).
                         * @enum {string}
                         */
                        shippingTerms?: "DDP" | "DAP";
                    } | null;
                    /** @description What is taken off. */
                    discount?: {
                        /** @description What is taken off, as an amount. */
                        amountOff?: number;
                        /** @description What is taken off, in percent. */
                        percentOff?: number;
                    };
                    /** @description The order whose goods this one replaces; its invoice names it. */
                    exchangeOf?: string;
                    /** @description What is taken off the shipping. */
                    shippingDiscount?: {
                        /** @description What is taken off, as an amount. */
                        amountOff?: number;
                        /** @description What is taken off, in percent. */
                        percentOff?: number;
                    };
                    /**
                     * @description Whether the buyer is there while the card is charged.
                     * @enum {string}
                     */
                    chargeType?: "customer_initiated" | "merchant_initiated" | "moto";
                    /**
                     * @description Whether a person or a business buys.
                     * @enum {string}
                     */
                    customerType?: "individual" | "business";
                    /** @description Whether prices include tax. */
                    taxInclusive?: boolean;
                    /** @description Where the buyer is, when tax depends on that alone. */
                    purchaseLocation?: {
                        /** @description The country, as an ISO 3166 code of two letters. */
                        country: string;
                        /** @description How far it is. */
                        state?: string;
                        /** @description Postal code. */
                        postalCode?: string;
                    };
                    /** @description What the caller keeps with it: at most 20 keys. */
                    metadata?: components["schemas"]["Metadata"];
                    /** @description The currency, as an ISO 4217 code. */
                    currency: string;
                    /** @description What is bought, sent or given back, item by item. */
                    items: {
                        /** @description The SKU. */
                        skuId?: string;
                        /** @description What is sold, where it is no SKU. */
                        productDetails?: {
                            /** @description Its id. */
                            id?: string;
                            /** @description What it is called. */
                            name: string;
                            /** @description A description in words for people. */
                            description?: string;
                            /** @description An address on the web. */
                            url?: string;
                            /** @description The address of its picture. */
                            image?: string;
                            /** @description The number of the part, in the words of its client. */
                            partNumber?: string;
                            /** @description Where it was made, as an ISO 3166 code. */
                            countryOfOrigin?: string;
                            /** @description The weight of one piece. */
                            weight?: number;
                            /**
                             * @description The unit of weight.
                             * @enum {string}
                             */
                            weightUnit?: "oz" | "lb" | "g" | "kg";
                            /** @description The group, in the words of its client. */
                            skuGroupId?: string;
                            /** @description How the goods are taxed, by the provider’s list of codes. */
                            taxCode?: string;
                            /** @description Whether it has to be shipped. */
                            physical?: boolean;
                        } & {
                            [key: string]: unknown;
                        };
                        /**
                         * @description How many pieces.
                         * @default 1
                         */
                        quantity?: number;
                        /** @description The price of one piece. */
                        price?: number;
                        /** @description The price of all pieces of this item together. */
                        aggregatePrice?: number;
                        /** @description What is taken off. */
                        discount?: {
                            /** @description What is taken off, as an amount. */
                            amountOff?: number;
                            /** @description What is taken off, in percent. */
                            percentOff?: number;
                            /** @description How many pieces. */
                            quantity?: number;
                        };
                        /** @description What is renewed, and how. */
                        subscriptionInfo?: {
                            /** @description Whether the subscription begins without a payment. */
                            freeTrial?: boolean;
                            /** @description Whether the subscription goes on by itself. */
                            autoRenewal?: boolean;
                            /** @description The terms of a subscription. */
                            terms?: string;
                            /** @description The plan of a subscription. */
                            planId?: string;
                            /** @description The subscription, in the words of its client. */
                            subscriptionId?: string;
                            /** @description The agreement under which a subscription is renewed. */
                            billingAgreementId?: string;
                            /**
                             * Format: date-time
                             * @description When the period begins.
                             */
                            startTime?: string;
                            /**
                             * Format: date-time
                             * @description When the period ends.
                             */
                            endTime?: string;
                        };
                        /** @description Where goods leave from. */
                        shipFrom?: components["schemas"]["Party"];
                        /** @description Charged beside the price, such as a battery fee. */
                        fees?: {
                            /** @description An amount in the currency's major unit. */
                            amount: number;
                        };
                        /** @description Import duties; they bear no tax. */
                        duties?: {
                            /** @description An amount in the currency's major unit. */
                            amount: number;
                        };
                        /** @description What the caller keeps with it: at most 20 keys. */
                        metadata?: components["schemas"]["Metadata"];
                    }[];
                };
            };
        };
        responses: {
            /** @description The checkout. */
            201: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Checkout"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readCheckout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The checkout. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Checkout"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    changeCheckout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The customer. */
                    customerId?: string;
                    /**
                     * Format: uuid
                     * @description The source: what is paid with.
                     */
                    sourceId?: string;
                    /**
                     * Format: email
                     * @description The e-mail address.
                     */
                    email?: string;
                    /** @description The language and country of its buyer. */
                    locale?: string | "default";
                    /** @description The program that made it, in its own words. */
                    applicationId?: string;
                    /**
                     * Format: ip
                     * @description The address of the buyer’s browser.
                     */
                    browserIp?: string;
                    /** @description Its number in the caller's books. */
                    upstreamId?: string;
                    /** @description Tax numbers of a business. */
                    taxIdentifiers?: ({
                        /** @description Its id. */
                        id: string;
                    } & {
                        [key: string]: unknown;
                    })[];
                    /** @description Where goods leave from. */
                    shipFrom?: components["schemas"]["Party"];
                    /** @description Where goods go to. */
                    shipTo?: components["schemas"]["Party"];
                    /** @description Whom the invoice is for. */
                    billTo?: components["schemas"]["Party"];
                    /** @description The company. */
                    organization?: {
                        /** @description Its id. */
                        id?: string;
                    } & {
                        [key: string]: unknown;
                    };
                    /** @description The way of sending that was chosen. */
                    shippingChoice?: {
                        /** @description Its id. */
                        id?: string;
                        /**
                         * @description An amount in the currency's major unit.
                         * @default 0
                         */
                        amount?: number;
                        /** @description A description in words for people. */
                        description?: string;
                        /** @description How fast it is sent. */
                        serviceLevel?: string;
                        /**
                         * @description Who pays duties: the seller (DDP) or the buyer (DAP).
                         * @enum {string}
                         */
                        shippingTerms?: "DDP" | "DAP";
                    } | null;
                    /** @description What is taken off. */
                    discount?: {
                        /** @description What is taken off, as an amount. */
                        amountOff?: number;
                        /** @description What is taken off, in percent. */
                        percentOff?: number;
                    };
                    /** @description The order whose goods this one replaces; its invoice names it. */
                    exchangeOf?: string;
                    /** @description What is taken off the shipping. */
                    shippingDiscount?: {
                        /** @description What is taken off, as an amount. */
                        amountOff?: number;
                        /** @description What is taken off, in percent. */
                        percentOff?: number;
                    };
                    /**
                     * @description Whether the buyer is there while the card is charged.
                     * @enum {string}
                     */
                    chargeType?: "customer_initiated" | "merchant_initiated" | "moto";
                    /**
                     * @description Whether a person or a business buys.
                     * @enum {string}
                     */
                    customerType?: "individual" | "business";
                    /** @description Whether prices include tax. */
                    taxInclusive?: boolean;
                    /** @description Where the buyer is, when tax depends on that alone. */
                    purchaseLocation?: {
                        /** @description The country, as an ISO 3166 code of two letters. */
                        country: string;
                        /** @description How far it is. */
                        state?: string;
                        /** @description Postal code. */
                        postalCode?: string;
                    };
                    /** @description What the caller keeps with it: at most 20 keys. */
                    metadata?: components["schemas"]["Metadata"];
                    /** @description What is bought, sent or given back, item by item. */
                    items?: {
                        /** @description The SKU. */
                        skuId?: string;
                        /** @description What is renewed, and how. */
                        subscriptionInfo?: {
                            /** @description Whether the subscription begins without a payment. */
                            freeTrial?: boolean;
                            /** @description Whether the subscription goes on by itself. */
                            autoRenewal?: boolean;
                            /** @description The terms of a subscription. */
                            terms?: string;
                            /** @description The plan of a subscription. */
                            planId?: string;
                            /** @description The subscription, in the words of its client. */
                            subscriptionId?: string;
                            /** @description The agreement under which a subscription is renewed. */
                            billingAgreementId?: string;
                            /**
                             * Format: date-time
                             * @description When the period begins.
                             */
                            startTime?: string;
                            /**
                             * Format: date-time
                             * @description When the period ends.
                             */
                            endTime?: string;
                        };
                        /** @description Where goods leave from. */
                        shipFrom?: components["schemas"]["Party"];
                        /** @description What the caller keeps with it: at most 20 keys. */
                        metadata?: components["schemas"]["Metadata"];
                    }[];
                };
            };
        };
        responses: {
            /** @description The checkout. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Checkout"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteCheckout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    attachSourceToCheckout: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
                /** @description The source: what is paid with. */
                sourceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The source. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    detachSourceFromCheckout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
                /** @description The source: what is paid with. */
                sourceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listCustomers: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description The first id of the page after. */
                endingBefore?: string;
                /** @description Only these, separated by commas. */
                ids?: string | string[];
                /** @description The e-mail address. */
                email?: string;
                /** @description Whether its buyer has asked to be forgotten. */
                requestToBeForgotten?: string;
                /** @description How their e-mail address begins; or a customer’s id. */
                q?: string;
                /** @description Only those made at this moment. */
                createdTime?: string;
                /** @description Only those made at this moment. */
                "createdTime[eq]"?: string;
                /** @description Only those made after it. */
                "createdTime[gt]"?: string;
                /** @description Only those made then or later. */
                "createdTime[gte]"?: string;
                /** @description Only those made before it. */
                "createdTime[lt]"?: string;
                /** @description Only those made then or before. */
                "createdTime[lte]"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Customers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["Customer"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createCustomer: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Its id. */
                    id?: string;
                    /**
                     * Format: email
                     * @description The e-mail address.
                     */
                    email?: string;
                    /** @description What it costs to send, or where to. */
                    shipping?: components["schemas"]["Party"];
                    /** @description The language and country of its buyer. */
                    locale?: string | "default";
                    /**
                     * @description What type it is.
                     * @enum {string}
                     */
                    type?: "individual" | "business";
                    /** @description Whether it is in use. */
                    enabled?: boolean;
                    /** @description Whether its buyer has asked to be forgotten. */
                    requestToBeForgotten?: boolean;
                    /** @description What the caller keeps with it: at most 20 keys. */
                    metadata?: components["schemas"]["Metadata"];
                    /** @description Certificates that free from tax while and where they count. */
                    taxCertificates?: components["schemas"]["TaxCertificate"][];
                };
            };
        };
        responses: {
            /** @description The customer. */
            201: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readCustomer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The customer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    changeCustomer: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: email
                     * @description The e-mail address.
                     */
                    email?: string;
                    /** @description What it costs to send, or where to. */
                    shipping?: components["schemas"]["Party"];
                    /** @description The language and country of its buyer. */
                    locale?: string | "default";
                    /**
                     * @description What type it is.
                     * @enum {string}
                     */
                    type?: "individual" | "business";
                    /** @description Whether it is in use. */
                    enabled?: boolean;
                    /** @description Whether its buyer has asked to be forgotten. */
                    requestToBeForgotten?: boolean;
                    /** @description What the caller keeps with it: at most 20 keys. */
                    metadata?: components["schemas"]["Metadata"];
                    /** @description Certificates that free from tax while and where they count. */
                    taxCertificates?: components["schemas"]["TaxCertificate"][];
                    /**
                     * Format: uuid
                     * @description The source that is charged when none is named.
                     */
                    defaultSourceId?: string;
                };
            };
        };
        responses: {
            /** @description The customer. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteCustomer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    saveSource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
                /** @description The source: what is paid with. */
                sourceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The source. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeSavedSource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
                /** @description The source: what is paid with. */
                sourceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    attachTaxIdentifier: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
                /** @description The tax identifier. */
                taxId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tax identifier. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaxIdentifier"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createSource: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description What type it is.
                     * @enum {string}
                     */
                    type: "creditCard" | "konbini" | "wireTransfer" | "bancontact" | "customerCredit";
                    /** @description The currency, as an ISO 4217 code. */
                    currency?: string;
                    /** @description Whose it is. */
                    owner?: {
                        /** @description First name. */
                        firstName?: string;
                        /** @description Last name. */
                        lastName?: string;
                        /**
                         * Format: email
                         * @description The e-mail address.
                         */
                        email?: string;
                        /** @description The company. */
                        organization?: string;
                        /** @description Where somebody lives, sells or receives. */
                        address?: {
                            /** @description Street and number. */
                            line1?: string;
                            /** @description What else belongs to the street. */
                            line2?: string;
                            /** @description City or town. */
                            city?: string;
                            /** @description Postal code. */
                            postalCode?: string;
                            /** @description How far it is. */
                            state?: string;
                            /** @description The country, as an ISO 3166 code of two letters. */
                            country: string;
                        };
                    };
                    /** @description A card that the provider's browser SDK has read; without one the buyer enters it later. */
                    paymentMethod?: string;
                    /** @description Whose it is. Secret keys only. */
                    customerId?: string;
                    /** @description How much a `customerCredit` pays; others pay what is left. */
                    amount?: number;
                    /** @description The session of the only checkout that a `customerCredit` may pay. */
                    paymentSessionId?: string;
                    /** @description A `customerCredit`'s number in the books of whoever grants it. */
                    upstreamId?: string;
                    /** @description Nothing is said of a credit but how much it pays. */
                    customerCredit?: {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The source. */
            201: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readSource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The source. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listPaymentMethods: {
        parameters: {
            query?: {
                /** @description The payment session. */
                sessionId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ways to pay. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentMethods"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listSellingEntities: {
        parameters: {
            query?: {
                /** @description By an operator: whose entities. Without it those of the installation. A key's are its merchant's. */
                merchantId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the order in which they are tried. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["OwnedSellingEntity"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createSellingEntity: {
        parameters: {
            query?: {
                /** @description By an operator: whose entities. Without it those of the installation. A key's are its merchant's. */
                merchantId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SellingEntity"] & {
                    /** @description When it is tried: 1 is first. The first entity whose countries fit sells. */
                    position?: number;
                };
            };
        };
        responses: {
            /** @description The entity. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnedSellingEntity"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readSellingEntity: {
        parameters: {
            query?: {
                /** @description By an operator: whose entities. Without it those of the installation. A key's are its merchant's. */
                merchantId?: string;
            };
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The entity. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnedSellingEntity"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    changeSellingEntity: {
        parameters: {
            query?: {
                /** @description By an operator: whose entities. Without it those of the installation. A key's are its merchant's. */
                merchantId?: string;
            };
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What it is called. */
                    name?: string;
                    /** @description Where its goods may leave from; `*` for everywhere. */
                    shipFromCountries?: ("*" | string)[];
                    /** @description Where its goods may go to; `*` for everywhere. */
                    shipToCountries?: ("*" | string)[];
                    /** @description Where its buyers may be billed, as ISO 3166 codes; `*` for everywhere. */
                    billToCountries?: ("*" | string)[];
                    /** @description Tax numbers of a business. */
                    taxIdentifiers?: {
                        /** @description What type it is. */
                        type: string;
                        /** @description The number. */
                        value: string;
                    }[];
                    /** @description Where somebody lives, sells or receives. */
                    address?: {
                        /** @description Street and number. */
                        line1: string;
                        /** @description What else belongs to the street. */
                        line2?: string;
                        /** @description City or town. */
                        city: string;
                        /** @description Postal code. */
                        postalCode?: string;
                        /** @description How far it is. */
                        state?: string;
                        /** @description The country, as an ISO 3166 code of two letters. */
                        country: string;
                    };
                    /** @description What a buyer must be able to read before buying. */
                    disclosures?: {
                        /**
                         * @description What type it is.
                         * @enum {string}
                         */
                        type: "termsOfSale" | "privacyPolicy" | "cookiePolicy" | "cancellationRight" | "legalNotice" | "imprint" | "autoRenewalPlanTerms" | "saveCardMandate" | "idealRecurringAgreement" | "businessEntity" | "resellerDisclosure" | "confirmDisclosure" | "californiaPrivacyRights";
                        /** @description The words that the buyer reads. */
                        localizedText: string;
                        /**
                         * Format: uri
                         * @description An address on the web.
                         */
                        url?: string;
                    }[];
                    /** @description When it is tried: 1 is first. The first entity whose countries fit sells. */
                    position?: number;
                };
            };
        };
        responses: {
            /** @description The entity. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnedSellingEntity"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeSellingEntity: {
        parameters: {
            query?: {
                /** @description By an operator: whose entities. Without it those of the installation. A key's are its merchant's. */
                merchantId?: string;
            };
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It sells nothing from now on; its orders stay as they are. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listTaxIdentifiers: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description The first id of the page after. */
                endingBefore?: string;
                /** @description Only these, separated by commas. */
                ids?: string | string[];
                /** @description The customer. */
                customerId?: string;
                /** @description What type it is. */
                type?: string;
                /** @description The number. */
                value?: string;
                /** @description Only those in this state. */
                state?: "pending" | "verified" | "not_valid";
                /** @description Only those made at this moment. */
                createdTime?: string;
                /** @description Only those made at this moment. */
                "createdTime[eq]"?: string;
                /** @description Only those made after it. */
                "createdTime[gt]"?: string;
                /** @description Only those made then or later. */
                "createdTime[gte]"?: string;
                /** @description Only those made before it. */
                "createdTime[lt]"?: string;
                /** @description Only those made then or before. */
                "createdTime[lte]"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tax identifiers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["TaxIdentifier"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createTaxIdentifier: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What type it is. */
                    type: string;
                    /** @description The number. */
                    value: string;
                };
            };
        };
        responses: {
            /** @description The tax identifier. */
            201: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaxIdentifier"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readTaxIdentifier: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tax identifier. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaxIdentifier"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteTaxIdentifier: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listTaxRates: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description The first id of the page after. */
                endingBefore?: string;
                /** @description The country, as an ISO 3166 code of two letters. */
                country?: string;
                /** @description Only those in this state. */
                state?: string;
                /** @description What kind of goods the rate is for. */
                category?: "standard" | "digital" | "reduced";
                /** @description Only what applies on this day. */
                on?: string;
                /** @description Answer as CSV instead of JSON. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By their ids, backwards; as CSV all of them, by place. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["TaxRate"][];
                    };
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    importTaxRates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            /** @description What was new, what was changed, what was known. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredTaxRates"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    exportTaxRates: {
        parameters: {
            query?: {
                /** @description The country, as an ISO 3166 code of two letters. */
                country?: string;
                /** @description Only those in this state. */
                state?: string;
                /** @description What kind of goods the rate is for. */
                category?: "standard" | "digital" | "reduced";
                /** @description Only what applies on this day. */
                on?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What an import takes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listOrders: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description The first id of the page after. */
                endingBefore?: string;
                /** @description Only those in this state. */
                state?: "pending" | "pending_payment" | "payment_failed" | "in_review" | "accepted" | "confirmed" | "fulfilled" | "complete" | "returned" | "blocked" | "cancelled";
                /** @description The e-mail address. */
                email?: string;
                /** @description The checkout or cart that the order was made of. */
                checkoutId?: string;
                /** @description Its number in the caller's books. */
                upstreamId?: string;
                /** @description Only these, separated by commas. */
                ids?: string | string[];
                /** @description Only those with these numbers in the caller's books. */
                upstreamIds?: string | string[];
                /** @description The customer. */
                customerId?: string;
                /** @description The currency, as an ISO 4217 code. */
                currency?: string;
                /** @description What the fraud screen found. */
                fraudState?: "none" | "review_opened" | "passed" | "blocked";
                /** @description The SKU. */
                skuId?: string;
                /** @description Those that have this tag, in whatever case. */
                tag?: string;
                /** @description How the e-mail address or name of their buyer begins; or an order’s id. */
                q?: string;
                /** @description Only those made at this moment. */
                createdTime?: string;
                /** @description Only those made at this moment. */
                "createdTime[eq]"?: string;
                /** @description Only those made after it. */
                "createdTime[gt]"?: string;
                /** @description Only those made then or later. */
                "createdTime[gte]"?: string;
                /** @description Only those made before it. */
                "createdTime[lt]"?: string;
                /** @description Only those made then or before. */
                "createdTime[lte]"?: string;
                /** @description What else to show of each order, separated by commas: `refunds`, `disputes`. For secret keys. */
                expand?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["ExpandedOrder"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: uuid
                     * @description The cart.
                     */
                    cartId?: string;
                    /** @description The checkout or cart that the order was made of. */
                    checkoutId?: string;
                    /** @description With `currency` and `items` as on a checkout. */
                    customerId?: string;
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description The order that this cart had become already. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedOrder"];
                };
            };
            /** @description The order. */
            201: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedOrder"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readOrder: {
        parameters: {
            query?: {
                /** @description What else to show of each order, separated by commas: `refunds`, `disputes`. For secret keys. */
                expand?: string;
            };
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExpandedOrder"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    changeOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What the caller keeps with it: at most 20 keys. */
                    metadata?: components["schemas"]["Metadata"];
                    /** @description Whether its buyer has asked to be forgotten. */
                    requestToBeForgotten?: boolean;
                    /** @description By Digital River's path only. */
                    upstreamId?: string | null;
                };
            };
        };
        responses: {
            /** @description The order. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createPaymentIntent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description The means of payment.
                     * @enum {string}
                     */
                    paymentMethod: "STRIPE" | "PAYPAL" | "CRYPTO" | "BONUM" | "TELR";
                    /**
                     * Format: uri
                     * @description Where the buyer comes back to.
                     */
                    returnUrl?: string;
                };
            };
        };
        responses: {
            /** @description What the storefront needs to collect the payment. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentIntent"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    confirmPayment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Received, or the order as the provider sees it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description The event was received.
                         * @enum {boolean}
                         */
                        received: true;
                        /** @description Whether the same event had come before; then nothing happens. */
                        duplicate: boolean;
                    } | components["schemas"]["Order"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    refreshOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    cancelOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Why. */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description The order; money that goes back is on its way. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    callOffShipment: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
                /** @description The parcel or print job. */
                shipmentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order. It is done as soon as the carrier answers. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    sendShipmentAgain: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
                /** @description The parcel or print job. */
                shipmentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order. It is done as soon as the carrier answers. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readOrderAnnotations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The note and the tags. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderAnnotations"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    annotateOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What the seller’s people are to know of an order; empty without one. */
                    note?: string;
                    /** @description Words that the seller’s people find an order by, in lower case. */
                    tags?: string[];
                };
            };
        };
        responses: {
            /** @description The note and the tags. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderAnnotations"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    changeShipTo: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Address"];
            };
        };
        responses: {
            /** @description The order. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readFraudFindings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The findings, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FraudFindings"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    reviewOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description What is decided about the order.
                     * @enum {string}
                     */
                    decision: "approve" | "block";
                };
            };
        };
        responses: {
            /** @description The order. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readDistribution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The splits with their states. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What the answer is about. */
                        data: components["schemas"]["Split"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readTimeline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Transitions, drops and operations, oldest first, and the tasks. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Timeline"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listSettlements: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description The first id of the page after. */
                endingBefore?: string;
                /** @description Only those in this state. */
                state?: "recorded" | "settled";
                /** @description Only those made at this moment. */
                createdTime?: string;
                /** @description Only those made at this moment. */
                "createdTime[eq]"?: string;
                /** @description Only those made after it. */
                "createdTime[gt]"?: string;
                /** @description Only those made then or later. */
                "createdTime[gte]"?: string;
                /** @description Only those made before it. */
                "createdTime[lt]"?: string;
                /** @description Only those made then or before. */
                "createdTime[lte]"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["Split"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    enterStatement: {
        parameters: {
            query?: {
                /** @description The payment provider. */
                provider?: string;
                /** @description The first day, where no line is of it. */
                from?: string;
                /** @description The last day, where no line is of it. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The payment provider. */
                    provider: string;
                    /**
                     * Format: date
                     * @description The first day, where no line is of it.
                     */
                    from?: string;
                    /**
                     * Format: date
                     * @description The last day, where no line is of it.
                     */
                    to?: string;
                    /** @description The lines. */
                    lines: components["schemas"]["StatementLine"][];
                };
                "text/csv": string;
            };
        };
        responses: {
            /** @description It was entered before; how it compares now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettlementStatement"];
                };
            };
            /** @description It is entered; how it compares. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettlementStatement"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    settleShares: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The shares. */
                    splitIds: string[];
                    /** @description Its id at the provider, or in the caller's books. */
                    reference: string;
                };
            };
        };
        responses: {
            /** @description How many were marked now. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How many shares are settled. */
                        settled: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listStatements: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description The first id of the page after. */
                endingBefore?: string;
                /** @description Only those of this provider. */
                provider?: "stripe" | "bonum" | "paypal" | "btcpay" | "telr";
                /** @description Only those entered at this moment. */
                enteredTime?: string;
                /** @description Only those entered at this moment. */
                "enteredTime[eq]"?: string;
                /** @description Only those entered after it. */
                "enteredTime[gt]"?: string;
                /** @description Only those entered then or later. */
                "enteredTime[gte]"?: string;
                /** @description Only those entered before it. */
                "enteredTime[lt]"?: string;
                /** @description Only those entered then or before. */
                "enteredTime[lte]"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["SettlementStatementSummary"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readStatement: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it compared when it was entered last. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettlementStatement"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    recordRefund: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The order. */
                    orderId: string;
                    /** @description The payment. */
                    chargeId: string;
                    /** @description Under which the bank or the provider knows it. */
                    reference: string;
                    /** @description Absent: what the order waits for, or else all that is left. */
                    amount?: number;
                };
            };
        };
        responses: {
            /** @description The payment as it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordedRefund"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listRecipients: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description How their name or e-mail address begins; or an id. */
                q?: string;
                /** @description Only those made at this moment. */
                createdTime?: string;
                /** @description Only those made at this moment. */
                "createdTime[eq]"?: string;
                /** @description Only those made after it. */
                "createdTime[gt]"?: string;
                /** @description Only those made then or later. */
                "createdTime[gte]"?: string;
                /** @description Only those made before it. */
                "createdTime[lt]"?: string;
                /** @description Only those made then or before. */
                "createdTime[lte]"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By their ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["Recipient"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createRecipient: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Its id. */
                    id?: string;
                    /** @description What it is called. */
                    name: string;
                    /**
                     * Format: email
                     * @description Earns nothing by orders of this address.
                     */
                    email?: string;
                    /** @description The connected account that payouts go to. */
                    stripeAccountId?: string;
                };
            };
        };
        responses: {
            /** @description The recipient. */
            201: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recipient"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readRecipient: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The recipient. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recipient"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    replaceRecipient: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What it is called. */
                    name: string;
                    /**
                     * Format: email
                     * @description Earns nothing by orders of this address.
                     */
                    email?: string;
                    /** @description The connected account that payouts go to. */
                    stripeAccountId?: string;
                };
            };
        };
        responses: {
            /** @description The recipient. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recipient"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeRecipient: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Earns nothing by orders to come. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listDisputes: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description The first id of the page after. */
                endingBefore?: string;
                /** @description The order. */
                orderId?: string;
                /** @description Only those in this state. */
                state?: "warning_needs_response" | "warning_under_review" | "warning_closed" | "needs_response" | "under_review" | "won" | "lost" | "prevented";
                /** @description Only those made at this moment. */
                createdTime?: string;
                /** @description Only those made at this moment. */
                "createdTime[eq]"?: string;
                /** @description Only those made after it. */
                "createdTime[gt]"?: string;
                /** @description Only those made then or later. */
                "createdTime[gte]"?: string;
                /** @description Only those made before it. */
                "createdTime[lt]"?: string;
                /** @description Only those made then or before. */
                "createdTime[lte]"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["Dispute"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readDispute: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The dispute. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dispute"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    submitEvidence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DisputeEvidence"];
            };
        };
        responses: {
            /** @description The dispute. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dispute"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readBalances: {
        parameters: {
            query?: {
                /** @description One of the sellers on the marketplace of the caller, instead of the caller. */
                merchantId?: string;
                /** @description One of the recipients of that merchant: who earns by recommending its products. */
                recipientId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One of each currency. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What the answer is about. */
                        data: components["schemas"]["Balance"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readBalanceStatement: {
        parameters: {
            query: {
                /** @description The month. */
                month: string;
                /** @description The currency, as an ISO 4217 code. */
                currency: string;
                /** @description One of the sellers on the marketplace of the caller, instead of the caller. */
                merchantId?: string;
                /** @description One of the recipients of that merchant: who earns by recommending its products. */
                recipientId?: string;
                /** @description Answer as CSV instead of JSON. */
                format?: "json" | "csv" | "pdf";
                /** @description The language of the PDF. */
                locale?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The oldest entry first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BalanceStatement"];
                    "text/csv": string;
                    "application/pdf": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listBalanceEntries: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description The first id of the page after. */
                endingBefore?: string;
                /** @description The currency, as an ISO 4217 code. */
                currency?: string;
                /** @description Only those made then or later. */
                "createdTime[gte]"?: string;
                /** @description Only those made before it. */
                "createdTime[lt]"?: string;
                /** @description As CSV, which `Accept: text/csv` asks for too, all entries that fit come at once: `limit` and cursors do not count. */
                format?: "json" | "csv";
                /** @description One of the sellers on the marketplace of the caller, instead of the caller. */
                merchantId?: string;
                /** @description One of the recipients of that merchant: who earns by recommending its products. */
                recipientId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["BalanceEntry"][];
                    };
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listPayouts: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description The first id of the page after. */
                endingBefore?: string;
                /** @description One of the sellers on the marketplace of the caller, instead of the caller. */
                merchantId?: string;
                /** @description One of the recipients of that merchant: who earns by recommending its products. */
                recipientId?: string;
                /** @description Only those in this state. */
                state?: "pending" | "paid" | "failed";
                /** @description Only those made at this moment. */
                createdTime?: string;
                /** @description Only those made at this moment. */
                "createdTime[eq]"?: string;
                /** @description Only those made after it. */
                "createdTime[gt]"?: string;
                /** @description Only those made then or later. */
                "createdTime[gte]"?: string;
                /** @description Only those made before it. */
                "createdTime[lt]"?: string;
                /** @description Only those made then or before. */
                "createdTime[lte]"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["Payout"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createPayout: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description One of the sellers on the marketplace of the caller, instead of the caller. */
                    merchantId?: string;
                    /** @description One of the recipients of that merchant: who earns by recommending its products. */
                    recipientId?: string;
                    /** @description The currency, as an ISO 4217 code. */
                    currency: string;
                    /** @description All that is available where it is not said. */
                    amount?: number;
                    /**
                     * @description `transfer` goes to the connected account; `manual` is made by a person at the bank.
                     * @enum {string}
                     */
                    method: "transfer" | "manual";
                    /** @description The bank's, of a manual payout that is made already. */
                    reference?: string;
                };
            };
        };
        responses: {
            /** @description The payout; a transfer is on its way. */
            201: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Payout"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readPayout: {
        parameters: {
            query?: {
                /** @description The last entry of the page before. */
                entriesAfter?: string;
            };
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description With the lines of the balance since the payout before, newest first; `entriesAfter` asks for those after one. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Payout"] & {
                        /** @description What it is made of. */
                        entries: {
                            /** @description Whether there is another page. */
                            hasMore: boolean;
                            /** @description What the answer is about. */
                            data: components["schemas"]["BalanceEntry"][];
                        };
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    payPayout: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Its id at the provider, or in the caller's books. */
                    reference: string;
                };
            };
        };
        responses: {
            /** @description The payout. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Payout"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    failPayout: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Why. */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description The payout. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Payout"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readCharge: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The charge. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Charge"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listFulfillments: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description The first id of the page after. */
                endingBefore?: string;
                /** @description The order. */
                orderId?: string;
                /** @description The SKU. */
                skuId?: string;
                /** @description The carrier's number. */
                trackingNumber?: string;
                /** @description Only those made at this moment. */
                createdTime?: string;
                /** @description Only those made at this moment. */
                "createdTime[eq]"?: string;
                /** @description Only those made after it. */
                "createdTime[gt]"?: string;
                /** @description Only those made then or later. */
                "createdTime[gte]"?: string;
                /** @description Only those made before it. */
                "createdTime[lt]"?: string;
                /** @description Only those made then or before. */
                "createdTime[lte]"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["Fulfillment"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createFulfillment: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The order. */
                    orderId: string;
                    /** @description What is bought, sent or given back, item by item. */
                    items: {
                        /** @description The item of the order. */
                        itemId?: string;
                        /** @description Names the line where `itemId` does not. */
                        skuId?: string;
                        /** @description How many pieces. */
                        quantity?: number;
                        /** @description How many pieces are given up. */
                        cancelQuantity?: number;
                    }[];
                    /** @description The parcel or print job. */
                    shipmentId?: string;
                    /** @description Who carries it. */
                    trackingCompany?: string;
                    /** @description The carrier's number. */
                    trackingNumber?: string;
                    /** @description Where to follow the parcel. */
                    trackingUrl?: string;
                    /** @description What the caller keeps with it: at most 20 keys. */
                    metadata?: components["schemas"]["Metadata"];
                };
            };
        };
        responses: {
            /** @description The fulfillment. */
            201: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fulfillment"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readFulfillment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The fulfillment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fulfillment"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listRefunds: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description The first id of the page after. */
                endingBefore?: string;
                /** @description The order. */
                orderId?: string;
                /** @description Only those in this state. */
                state?: "pending" | "pending_information" | "succeeded" | "failed";
                /** @description Only those made at this moment. */
                createdTime?: string;
                /** @description Only those made at this moment. */
                "createdTime[eq]"?: string;
                /** @description Only those made after it. */
                "createdTime[gt]"?: string;
                /** @description Only those made then or later. */
                "createdTime[gte]"?: string;
                /** @description Only those made before it. */
                "createdTime[lt]"?: string;
                /** @description Only those made then or before. */
                "createdTime[lte]"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["Refund"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createRefund: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The order. */
                    orderId: string;
                    /** @description The currency, as an ISO 4217 code. */
                    currency?: string;
                    /** @description An amount in the currency's major unit. */
                    amount?: number;
                    /** @description The part of the order, in percent. */
                    percent?: number;
                    /** @description What is bought, sent or given back, item by item. */
                    items?: {
                        /** @description The item of the order. */
                        itemId?: string;
                        /** @description Names the line where `itemId` does not. */
                        skuId?: string;
                        /** @description How many pieces. */
                        quantity?: number;
                        /** @description An amount in the currency's major unit. */
                        amount?: number;
                        /** @description The part of the order, in percent. */
                        percent?: number;
                        /**
                         * @description What type it is.
                         * @enum {string}
                         */
                        type?: "shipping" | "fees" | "duty";
                    }[];
                    /** @description All shipping that is left, or so much of it. */
                    shipping?: true | number;
                    /** @description Only what this seller has sold. */
                    sellerId?: string;
                    /**
                     * @description What type it is.
                     * @enum {string}
                     */
                    type?: "shipping" | "tax" | "duty" | "importer_tax";
                    /** @description Refund although goods are on their way already. */
                    force?: boolean;
                    /** @description Why. */
                    reason?: string;
                    /** @description What the caller keeps with it: at most 20 keys. */
                    metadata?: components["schemas"]["Metadata"];
                };
            };
        };
        responses: {
            /** @description The refund; it is on its way. */
            201: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refund"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readRefund: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The refund. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refund"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    changeRefund: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What the caller keeps with it: at most 20 keys. */
                    metadata?: components["schemas"]["Metadata"];
                };
            };
        };
        responses: {
            /** @description The refund. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refund"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listReturns: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description The first id of the page after. */
                endingBefore?: string;
                /** @description The order. */
                orderId?: string;
                /** @description Only those in this state. */
                state?: "created" | "accepted";
                /** @description Only those made at this moment. */
                createdTime?: string;
                /** @description Only those made at this moment. */
                "createdTime[eq]"?: string;
                /** @description Only those made after it. */
                "createdTime[gt]"?: string;
                /** @description Only those made then or later. */
                "createdTime[gte]"?: string;
                /** @description Only those made before it. */
                "createdTime[lt]"?: string;
                /** @description Only those made then or before. */
                "createdTime[lte]"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["Return"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createReturn: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The order. */
                    orderId: string;
                    /** @description What is bought, sent or given back, item by item. */
                    items: {
                        /** @description The item of the order. */
                        itemId?: string;
                        /** @description The SKU. */
                        skuId?: string;
                        /** @description How many pieces. */
                        quantity: number;
                    }[];
                    /** @description Why. */
                    reason?: string;
                    /** @description Where the goods are sent back to. */
                    location?: {
                        /** @description Where somebody lives, sells or receives. */
                        address: {
                            /** @description The country, as an ISO 3166 code of two letters. */
                            country?: string;
                        } & {
                            [key: string]: unknown;
                        };
                        /** @description What it is called. */
                        name?: string;
                        /** @description The telephone number. */
                        phone?: string;
                        /**
                         * Format: email
                         * @description The e-mail address.
                         */
                        email?: string;
                    } & {
                        [key: string]: unknown;
                    };
                    /** @description What the caller keeps with it: at most 20 keys. */
                    metadata?: components["schemas"]["Metadata"];
                };
            };
        };
        responses: {
            /** @description The return. */
            201: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Return"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readReturn: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The return. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Return"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    acceptReturn: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description How far it is.
                     * @enum {string}
                     */
                    state?: "accepted";
                    /** @description What is bought, sent or given back, item by item. */
                    items?: ({
                        /** @description The item of the order. */
                        itemId?: string;
                        /** @description The SKU. */
                        skuId?: string;
                        /** @description How many pieces. */
                        quantity: number;
                    } & {
                        /**
                         * @description How far it is.
                         * @enum {string}
                         */
                        state?: "accepted";
                    })[];
                    /** @description Puts these pieces back into the stock of their SKUs, where that is counted. */
                    restock?: boolean;
                };
            };
        };
        responses: {
            /** @description The return. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Return"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listFiles: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description The first id of the page after. */
                endingBefore?: string;
                /** @description Only these, separated by commas. */
                ids?: string | string[];
                /** @description What the file is for. */
                purpose?: "customer_invoice" | "customer_credit_memo" | "tax_document_customer_upload";
                /** @description What the file is called when it is downloaded. */
                fileName?: string;
                /** @description What people call it. */
                title?: string;
                /** @description Only those of this size in bytes. */
                size?: number | null;
                /** @description Only those made at this moment. */
                createdTime?: string;
                /** @description Only those made at this moment. */
                "createdTime[eq]"?: string;
                /** @description Only those made after it. */
                "createdTime[gt]"?: string;
                /** @description Only those made then or later. */
                "createdTime[gte]"?: string;
                /** @description Only those made before it. */
                "createdTime[lt]"?: string;
                /** @description Only those made then or before. */
                "createdTime[lte]"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Uploads and documents, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["File"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createFile: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * @description What the file is for.
                     * @enum {string}
                     */
                    purpose: "customer_invoice" | "customer_credit_memo" | "tax_document_customer_upload";
                    /** @description What the file is called when it is downloaded. */
                    fileName?: string;
                    /** @description What people call it. */
                    title?: string;
                    /**
                     * Format: date-time
                     * @description Until when its link works.
                     */
                    linkExpiresTime?: string;
                    /**
                     * Format: binary
                     * @description The file: as a part of multipart/form-data, or as base64 in JSON.
                     */
                    file?: string;
                };
                "application/json": {
                    /**
                     * @description What the file is for.
                     * @enum {string}
                     */
                    purpose: "customer_invoice" | "customer_credit_memo" | "tax_document_customer_upload";
                    /** @description What the file is called when it is downloaded. */
                    fileName: string;
                    /** @description What people call it. */
                    title?: string;
                    /**
                     * Format: date-time
                     * @description Until when its link works.
                     */
                    linkExpiresTime?: string;
                    /** @description The file: as a part of multipart/form-data, or as base64 in JSON. */
                    file: string;
                };
            };
        };
        responses: {
            /** @description The file. */
            201: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["File"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file with its links. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["File"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    downloadFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file, always as an attachment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The part of it that `Range` asks for. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description To the storage, where files are kept in a bucket. */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    downloadEInvoice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description UBL 2.1 by EN 16931, as an attachment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listFileLinks: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description The first id of the page after. */
                endingBefore?: string;
                /** @description The file. */
                fileId?: string;
                /** @description Whether it works no more. */
                expired?: string;
                /** @description Only those made at this moment. */
                createdTime?: string;
                /** @description Only those made at this moment. */
                "createdTime[eq]"?: string;
                /** @description Only those made after it. */
                "createdTime[gt]"?: string;
                /** @description Only those made then or later. */
                "createdTime[gte]"?: string;
                /** @description Only those made before it. */
                "createdTime[lt]"?: string;
                /** @description Only those made then or before. */
                "createdTime[lte]"?: string;
                /** @description Only these, separated by commas. */
                ids?: string | string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["FileLink"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createFileLink: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The file. */
                    fileId: string;
                    /**
                     * Format: date-time
                     * @description Until when it holds.
                     */
                    expiresTime?: string;
                    /** @description What the caller keeps with it: at most 20 keys. */
                    metadata?: components["schemas"]["Metadata"];
                };
            };
        };
        responses: {
            /** @description The link. */
            201: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileLink"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readFileLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileLink"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    changeFileLink: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date-time
                     * @description Until when it holds.
                     */
                    expiresTime: string;
                };
            };
        };
        responses: {
            /** @description The link. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileLink"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteFileLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its address is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listWebhookEndpoints: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description The first id of the page after. */
                endingBefore?: string;
                /** @description Only those that are told, or are not. */
                enabled?: string;
                /** @description Only those made at this moment. */
                createdTime?: string;
                /** @description Only those made at this moment. */
                "createdTime[eq]"?: string;
                /** @description Only those made after it. */
                "createdTime[gt]"?: string;
                /** @description Only those made then or later. */
                "createdTime[gte]"?: string;
                /** @description Only those made before it. */
                "createdTime[lt]"?: string;
                /** @description Only those made then or before. */
                "createdTime[lte]"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first, without secrets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["WebhookEndpoint"][];
                    } | components["schemas"]["Webhook"][];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    createWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description https and public; redirects are not followed. */
                    url?: string;
                    /** @description `*` is every type. */
                    types?: ("*" | "checkout_session.order.created" | "order.created" | "order.pending_payment" | "order.review_opened" | "order.accepted" | "order.blocked" | "order.cancelled" | "order.confirmed" | "order.fulfilled" | "order.complete" | "order.refunded" | "order.charge.pending" | "order.charge.failed" | "order.charge.capturable" | "order.charge.processing" | "order.charge.complete" | "order.charge.cancelled" | "order.charge.capture.complete" | "order.charge.capture.failed" | "order.charge.cancel.complete" | "order.charge.cancel.failed" | "order.charge.refund.complete" | "order.charge.refund.failed" | "order.charge.reauth.failed" | "order.invoice.created" | "order.credit_memo.created" | "fulfillment.created" | "refund.pending" | "refund.pending_information" | "refund.complete" | "refund.failed" | "return.created" | "return.accepted" | "order.item.fulfilled" | "order.item.cancelled" | "order.item.returned" | "order.dispute" | "order.dispute.resolved" | "order.payment.late" | "order.attention" | "delivery.sent" | "delivery.failed" | "customer.created" | "customer.updated" | "customer.deleted" | "customer.source.created" | "customer.source.deleted" | "customer.tax_identifier.created" | "source.created" | "source.chargeable" | "checkout.created" | "checkout.updated" | "checkout.deleted" | "tax_identifier.pending" | "tax_identifier.verified" | "tax_identifier.not_valid" | "tax_identifier.deleted" | "webhook.test")[];
                    /** @description A description in words for people. */
                    description?: string;
                    /** @description Whether it is in use. */
                    enabled?: boolean;
                    /** @description `url` by `/webhooks`. */
                    address?: string;
                    /** @description Kept and given back by `/webhooks`. */
                    apiVersion?: string;
                    /**
                     * @description Only `HTTP` is offered.
                     * @enum {string}
                     */
                    transportType?: "HTTP" | "OAUTH";
                    /** @description Refused: verify the signature of what you receive. */
                    authentication?: unknown;
                    /** @description Refused: verify the signature of what you receive. */
                    oauth?: unknown;
                };
            };
        };
        responses: {
            /** @description The endpoint with its secret. */
            201: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointWithSecret"] | components["schemas"]["WebhookWithSecret"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoint, without its secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpoint"] | components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    changeWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description https and public; redirects are not followed. */
                    url?: string;
                    /** @description `*` is every type. */
                    types?: ("*" | "checkout_session.order.created" | "order.created" | "order.pending_payment" | "order.review_opened" | "order.accepted" | "order.blocked" | "order.cancelled" | "order.confirmed" | "order.fulfilled" | "order.complete" | "order.refunded" | "order.charge.pending" | "order.charge.failed" | "order.charge.capturable" | "order.charge.processing" | "order.charge.complete" | "order.charge.cancelled" | "order.charge.capture.complete" | "order.charge.capture.failed" | "order.charge.cancel.complete" | "order.charge.cancel.failed" | "order.charge.refund.complete" | "order.charge.refund.failed" | "order.charge.reauth.failed" | "order.invoice.created" | "order.credit_memo.created" | "fulfillment.created" | "refund.pending" | "refund.pending_information" | "refund.complete" | "refund.failed" | "return.created" | "return.accepted" | "order.item.fulfilled" | "order.item.cancelled" | "order.item.returned" | "order.dispute" | "order.dispute.resolved" | "order.payment.late" | "order.attention" | "delivery.sent" | "delivery.failed" | "customer.created" | "customer.updated" | "customer.deleted" | "customer.source.created" | "customer.source.deleted" | "customer.tax_identifier.created" | "source.created" | "source.chargeable" | "checkout.created" | "checkout.updated" | "checkout.deleted" | "tax_identifier.pending" | "tax_identifier.verified" | "tax_identifier.not_valid" | "tax_identifier.deleted" | "webhook.test")[];
                    /** @description A description in words for people. */
                    description?: string;
                    /** @description Whether it is in use. */
                    enabled?: boolean;
                    /** @description `url` by `/webhooks`. */
                    address?: string;
                    /** @description Kept and given back by `/webhooks`. */
                    apiVersion?: string;
                    /**
                     * @description Only `HTTP` is offered.
                     * @enum {string}
                     */
                    transportType?: "HTTP" | "OAUTH";
                    /** @description Refused: verify the signature of what you receive. */
                    authentication?: unknown;
                    /** @description Refused: verify the signature of what you receive. */
                    oauth?: unknown;
                };
            };
        };
        responses: {
            /** @description The endpoint. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpoint"] | components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your own for this request: sent again with the same body within 24 hours it gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoint with its new secret. */
            200: {
                headers: {
                    /** @description `true` where this is the answer of an earlier request with the same key. */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointWithSecret"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description Only those in this state. */
                state?: "pending" | "delivered" | "failed";
                /** @description Only those made at this moment. */
                createdTime?: string;
                /** @description Only those made at this moment. */
                "createdTime[eq]"?: string;
                /** @description Only those made after it. */
                "createdTime[gt]"?: string;
                /** @description Only those made then or later. */
                "createdTime[gte]"?: string;
                /** @description Only those made before it. */
                "createdTime[lt]"?: string;
                /** @description Only those made then or before. */
                "createdTime[lte]"?: string;
            };
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest event first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["EventDelivery"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    redeliverEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
                /** @description The delivery. */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery, pending again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventDelivery"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    recoverEvents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date-time
                     * @description Happened at this time or later.
                     */
                    since: string;
                    /**
                     * Format: date-time
                     * @description Happened before this time; without it, now.
                     */
                    until?: string;
                };
            };
        };
        responses: {
            /** @description How many events are sent. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recovery"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    sendTestEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery of the test event. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventDelivery"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listErasures: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description The first id of the page after. */
                endingBefore?: string;
                /** @description The order. */
                orderId?: string;
                /** @description The customer. */
                customerId?: string;
                /** @description Only those in this state. */
                state?: "waiting" | "done";
                /** @description Only those requested at this moment. */
                requestedTime?: string;
                /** @description Only those requested at this moment. */
                "requestedTime[eq]"?: string;
                /** @description Only those requested after it. */
                "requestedTime[gt]"?: string;
                /** @description Only those requested then or later. */
                "requestedTime[gte]"?: string;
                /** @description Only those requested before it. */
                "requestedTime[lt]"?: string;
                /** @description Only those requested then or before. */
                "requestedTime[lte]"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["Erasure"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readErasure: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erasure"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The last id of the page before. */
                startingAfter?: string;
                /** @description The first id of the page after. */
                endingBefore?: string;
                /** @description What type it is. */
                type?: "checkout_session.order.created" | "order.created" | "order.pending_payment" | "order.review_opened" | "order.accepted" | "order.blocked" | "order.cancelled" | "order.confirmed" | "order.fulfilled" | "order.complete" | "order.refunded" | "order.charge.pending" | "order.charge.failed" | "order.charge.capturable" | "order.charge.processing" | "order.charge.complete" | "order.charge.cancelled" | "order.charge.capture.complete" | "order.charge.capture.failed" | "order.charge.cancel.complete" | "order.charge.cancel.failed" | "order.charge.refund.complete" | "order.charge.refund.failed" | "order.charge.reauth.failed" | "order.invoice.created" | "order.credit_memo.created" | "fulfillment.created" | "refund.pending" | "refund.pending_information" | "refund.complete" | "refund.failed" | "return.created" | "return.accepted" | "order.item.fulfilled" | "order.item.cancelled" | "order.item.returned" | "order.dispute" | "order.dispute.resolved" | "order.payment.late" | "order.attention" | "delivery.sent" | "delivery.failed" | "customer.created" | "customer.updated" | "customer.deleted" | "customer.source.created" | "customer.source.deleted" | "customer.tax_identifier.created" | "source.created" | "source.chargeable" | "checkout.created" | "checkout.updated" | "checkout.deleted" | "tax_identifier.pending" | "tax_identifier.verified" | "tax_identifier.not_valid" | "tax_identifier.deleted" | "webhook.test";
                /** @description The types. */
                types?: string | string[];
                /** @description The order. */
                orderId?: string;
                /** @description Only those made at this moment. */
                createdTime?: string;
                /** @description Only those made at this moment. */
                "createdTime[eq]"?: string;
                /** @description Only those made after it. */
                "createdTime[gt]"?: string;
                /** @description Only those made then or later. */
                "createdTime[gte]"?: string;
                /** @description Only those made before it. */
                "createdTime[lt]"?: string;
                /** @description Only those made then or before. */
                "createdTime[lte]"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there is another page. */
                        hasMore: boolean;
                        /** @description What the answer is about. */
                        data: components["schemas"]["Event"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    readEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event as endpoints are sent it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Event"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    onCheckoutSessionOrderCreated: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "checkout_session.order.created";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderCreated: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.created";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderPendingPayment: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.pending_payment";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderReviewOpened: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.review_opened";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderAccepted: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.accepted";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderBlocked: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.blocked";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderCancelled: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.cancelled";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderConfirmed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.confirmed";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderFulfilled: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.fulfilled";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderComplete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.complete";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderRefunded: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.refunded";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderChargePending: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.charge.pending";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderChargeFailed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.charge.failed";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderChargeCapturable: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.charge.capturable";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderChargeProcessing: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.charge.processing";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderChargeComplete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.charge.complete";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderChargeCancelled: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.charge.cancelled";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderChargeCaptureComplete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.charge.capture.complete";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderChargeCaptureFailed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.charge.capture.failed";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderChargeCancelComplete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.charge.cancel.complete";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderChargeCancelFailed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.charge.cancel.failed";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderChargeRefundComplete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.charge.refund.complete";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderChargeRefundFailed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.charge.refund.failed";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderChargeReauthFailed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.charge.reauth.failed";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderInvoiceCreated: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.invoice.created";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderCreditMemoCreated: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.credit_memo.created";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onFulfillmentCreated: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "fulfillment.created";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Fulfillment"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onRefundPending: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "refund.pending";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Refund"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onRefundPendingInformation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "refund.pending_information";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Refund"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onRefundComplete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "refund.complete";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Refund"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onRefundFailed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "refund.failed";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Refund"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onReturnCreated: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "return.created";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Return"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onReturnAccepted: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "return.accepted";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Return"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderItemFulfilled: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.item.fulfilled";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderItemCancelled: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.item.cancelled";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderItemReturned: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.item.returned";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderDispute: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.dispute";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderDisputeResolved: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.dispute.resolved";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderPaymentLate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.payment.late";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderAttention: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "order.attention";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onDeliverySent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "delivery.sent";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onDeliveryFailed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "delivery.failed";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Order"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onCustomerCreated: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "customer.created";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Customer"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onCustomerUpdated: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "customer.updated";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Customer"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onCustomerDeleted: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "customer.deleted";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Customer"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onCustomerSourceCreated: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "customer.source.created";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Source"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onCustomerSourceDeleted: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "customer.source.deleted";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Source"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onCustomerTaxIdentifierCreated: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "customer.tax_identifier.created";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["TaxIdentifier"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onSourceCreated: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "source.created";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Source"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onSourceChargeable: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "source.chargeable";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Source"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onCheckoutCreated: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "checkout.created";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Checkout"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onCheckoutUpdated: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "checkout.updated";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Checkout"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onCheckoutDeleted: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "checkout.deleted";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["Checkout"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onTaxIdentifierPending: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "tax_identifier.pending";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["TaxIdentifier"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onTaxIdentifierVerified: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "tax_identifier.verified";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["TaxIdentifier"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onTaxIdentifierNotValid: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "tax_identifier.not_valid";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["TaxIdentifier"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onTaxIdentifierDeleted: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "tax_identifier.deleted";
                    /** @description What it happened to. */
                    data: {
                        /** @description The resource, as it was when the event happened. */
                        object: components["schemas"]["TaxIdentifier"];
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onWebhookTest: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /**
                     * @description What happened.
                     * @constant
                     */
                    type: "webhook.test";
                    /** @description What it happened to. */
                    data: {
                        /** @description Means nothing. */
                        object: Record<string, never>;
                    };
                };
            };
        };
        responses: {
            /** @description Taken. Everything else is sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken; 410 ends all deliveries to this endpoint. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
