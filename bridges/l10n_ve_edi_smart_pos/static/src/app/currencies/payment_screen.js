import { patch } from "@web/core/utils/patch";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";

/** What is paid in foreign currency is entered in it. */
patch(PaymentScreen.prototype, {
    async addNewPaymentLine() {
        const result = await super.addNewPaymentLine(...arguments);
        const foreign = result && this.selectedPaymentLine?.smartForeign;
        if (foreign) {
            this.numberBuffer.set(foreign.amount.toString());
        }
        return result;
    },

    updateSelectedPaymentline(amount = false) {
        const line = this.selectedPaymentLine;
        const typed = this.numberBuffer.get();
        if (amount !== false || !line?.smartForeign || typed === null) {
            return super.updateSelectedPaymentline(...arguments);
        }
        line.smartSetForeignAmount(typed === "" ? 0 : this.numberBuffer.getFloat());
    },
});
