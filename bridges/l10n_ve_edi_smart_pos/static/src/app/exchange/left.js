import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { ConnectionLostError } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";
import { PosStore } from "@point_of_sale/app/services/pos_store";

patch(PosStore.prototype, {
    /**
     * Ask whether as much is left as an order takes back: another till may have been faster.
     * Without a connection nobody can tell: then the note waits as a draft.
     */
    async smartIsLeft(order) {
        const taken = order.lines
            .filter((line) => typeof line.refunded_orderline_id?.id === "number")
            .map((line) => [
                line.refunded_orderline_id.id,
                -line.qty,
                // The till turns the signs of what it calls a refund.
                -Math.sign(line.qty * line.price_unit) * Math.abs(line.priceIncl),
            ]);
        if (!this.config.smart_is_fiscal || !taken.length) {
            return true;
        }
        let why = "";
        try {
            why = await this.data.call("pos.order", "smart_ask_what_is_left", [taken]);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        }
        if (why) {
            this.dialog.add(AlertDialog, { title: _t("So much is not left"), body: why });
        }
        return !why;
    },
});

patch(PaymentScreen.prototype, {
    // Before a card is charged, or money is given back.
    async addNewPaymentLine() {
        return (await this.pos.smartIsLeft(this.currentOrder))
            ? super.addNewPaymentLine(...arguments)
            : false;
    },
});

patch(OrderPaymentValidation.prototype, {
    async isOrderValid() {
        return (await this.pos.smartIsLeft(this.order)) && super.isOrderValid(...arguments);
    },
});
