import {patch} from "@web/core/utils/patch";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {PaymentScreen} from "@point_of_sale/app/screens/payment_screen/payment_screen";

patch(PaymentScreen.prototype, {
    // Before a card is charged.
    async addNewPaymentLine() {
        if (!(await this.pos.smartReadyForPayment(this.currentOrder))) {
            return false;
        }
        return super.addNewPaymentLine(...arguments);
    },
});

patch(OrderPaymentValidation.prototype, {
    async askBeforeValidation() {
        const charged = this.paymentLines.some((line) => line.isElectronic() && line.isDone());
        // After the money nothing is refused: what cannot be issued waits as a draft.
        const ready = charged ? true : await this.pos.smartReadyForPayment(this.order);
        return ready && super.askBeforeValidation(...arguments);
    },
});
