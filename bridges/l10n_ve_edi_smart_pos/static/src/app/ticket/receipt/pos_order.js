import {patch} from "@web/core/utils/patch";
import {PosOrder} from "@point_of_sale/app/models/pos_order";
import {PosOrderline} from "@point_of_sale/app/models/pos_order_line";

patch(PosOrder.prototype, {
    /** Whether this order becomes a fiscal document, or is one. */
    get smartIsFiscal() {
        return Boolean(this.config?.smart_is_fiscal);
    },
    /** See `pos.order._smart_ticket` of the server; empty as long as that does not know the order. */
    get smartDocuments() {
        return (this.smartIsFiscal && this.smart_ticket && this.smart_ticket.documents) || [];
    },
    /** Whether a document of this order has no control number yet. */
    get smartWaits() {
        if (!this.smartIsFiscal || !this.finalized) {
            return false;
        }
        if (this.smartDocuments.length) {
            return this.smart_ticket.waits;
        }
        // Paid here, and not known to the server as paid: an order of a table may be there already.
        return Boolean(this.to_invoice && (!this.isSynced || this.isDirty()));
    },
    /** The page of the portal on which the customer finds the documents of this order. */
    get smartPortalUrl() {
        return `${this.config._base_url}/pos/ticket/validate?access_token=${this.access_token}`;
    },
    /** What is to be called, and with whom to be shared: the numbers that the law knows it by. */
    get smartNumbers() {
        return this.smartDocuments
            .filter((document) => document.numbered)
            .map((document) => document.name)
            .join(", ");
    },
    get invoiceName() {
        return this.smartNumbers || super.invoiceName;
    },
});

patch(PosOrderline.prototype, {
    get smartIsExempt() {
        if (!this.order_id?.smartIsFiscal || !this.tax_ids.length) {
            return false;
        }
        const position = this.order_id.fiscal_position_id;
        const taxes = position ? position.getTaxesAfterFiscalPosition(this.tax_ids) : this.tax_ids;
        return taxes.every((tax) => tax.amount === 0);
    },
});
