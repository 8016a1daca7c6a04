import {patch} from "@web/core/utils/patch";
import {PosOrder} from "@point_of_sale/app/models/pos_order";

patch(PosOrder.prototype, {
    /** Each sale is invoiced; a return is, if there is a document that a note can be about. */
    smartMustBeInvoiced() {
        if (!this.config?.smart_is_fiscal) {
            return false;
        }
        const hasDocument = (line) => {
            const order = line.refunded_orderline_id.order_id;
            const free = order && this.currency.isZero(order.amount_total);
            return order && !free && (order.to_invoice || order.raw.account_move);
        };
        return (
            !this.lines.length ||
            this.lines.some((line) => !line.refunded_orderline_id || hasDocument(line))
        );
    },

    isToInvoice() {
        return this.config?.smart_is_fiscal && !this.finalized
            ? this.smartMustBeInvoiced()
            : super.isToInvoice(...arguments);
    },

    setToInvoice(toInvoice) {
        super.setToInvoice(this.config?.smart_is_fiscal ? this.smartMustBeInvoiced() : toInvoice);
    },

    setPartner(partner) {
        super.setPartner(...arguments);
        if (this.config?.smart_is_fiscal) {
            this.smart_new_customer = this.smartTyped(partner);
        }
    },

    /** Return what the server makes a customer of, whom this till alone knows. */
    smartTyped(partner) {
        if (!partner || partner.isSynced) {
            return false;
        }
        const {vat, name, street, phone, email} = partner;
        return {typed: vat, name, street, phone, email};
    },

    serializeForORM() {
        const data = super.serializeForORM(...arguments);
        if (this.config?.smart_is_fiscal && !(this.isSynced && this.finalized)) {
            data.to_invoice = this.to_invoice = this.smartMustBeInvoiced();
        }
        return data;
    },
});
