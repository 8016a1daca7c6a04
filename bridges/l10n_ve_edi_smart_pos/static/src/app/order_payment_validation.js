import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { ConnectionLostError } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";
import { PosStore } from "@point_of_sale/app/services/pos_store";

patch(PosStore.prototype, {
    /**
     * Ask the server whether goods can be taken back; if not, tell the cashier why.
     * Without a connection nobody can tell: the order goes through, and its note waits as a draft.
     */
    async smartCanReturn(order) {
        const returned = order.lines
            .map((line) => line.refunded_orderline_id?.id)
            .filter((id) => typeof id === "number");
        if (!returned.length) {
            return true;
        }
        let why = "";
        try {
            why = await this.data.call("pos.order", "smart_ask_before_payment", [
                returned,
                order.getPartner()?.id || false,
                order.isToInvoice(),
            ]);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        }
        if (why) {
            this.dialog.add(AlertDialog, {
                title: _t("This cannot be taken back like that"),
                body: why,
            });
        }
        return !why;
    },
});

patch(PaymentScreen.prototype, {
    async toggleIsToInvoice() {
        await super.toggleIsToInvoice(...arguments);
        if (this.currentOrder.isToInvoice() && !(await this.pos.smartCanReturn(this.currentOrder))) {
            this.currentOrder.setToInvoice(false);
        }
    },
    // Before a card is charged.
    async addNewPaymentLine() {
        if (!(await this.pos.smartCanReturn(this.currentOrder))) {
            return false;
        }
        return super.addNewPaymentLine(...arguments);
    },
});

patch(OrderPaymentValidation.prototype, {
    async isOrderValid() {
        return (await this.pos.smartCanReturn(this.order)) && super.isOrderValid(...arguments);
    },
});
